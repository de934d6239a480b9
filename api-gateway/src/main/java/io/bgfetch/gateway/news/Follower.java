package io.bgfetch.gateway.news;

/** Somebody who wants to hear of registrations. Called on the context of its {@link Audience}. */
public interface Follower {

  /** A state of a registration, perhaps one that was heard of before, or is older than that. */
  void hear(News news);

  /** Nothing more will be heard: the gateway stops. */
  void end();
}
