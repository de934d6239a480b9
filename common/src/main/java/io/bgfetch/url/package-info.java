/**
 * URLs as browsers understand them: the parser and serializer of the <a
 * href="https://url.spec.whatwg.org/">WHATWG URL standard</a>, and the list of ports that fetching
 * refuses. {@link io.bgfetch.url.WebUrl} is the entrance; everything else serves it.
 */
package io.bgfetch.url;
