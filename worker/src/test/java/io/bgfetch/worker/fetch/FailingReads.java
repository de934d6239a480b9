package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobStore;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that takes everything and fails to give it. */
final class FailingReads {

  private FailingReads() {}

  /** One that gives only so many blobs. */
  static BlobStore after(int blobs, BlobStore store) {
    AtomicInteger opened = new AtomicInteger();
    InvocationHandler failing =
        (proxy, method, arguments) -> {
          if (method.getName().equals("open") && opened.incrementAndGet() > blobs) {
            throw new IOException("Input/output error");
          }
          try {
            return method.invoke(store, arguments);
          } catch (InvocationTargetException failed) {
            throw failed.getCause();
          }
        };
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, failing);
  }
}
