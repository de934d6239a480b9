package io.bgfetch.testkit;

import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link TestBackends}. The shared pair is started when first asked for and ends with
 * the JVM's last test: containers where a Docker engine answers and has the images or gets them,
 * embedded servers else. {@code -Dbgfetch.test.backends=testcontainers} or {@code embedded} forces
 * one; one line on the standard output tells which it is.
 */
public final class BackendsExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(BackendsExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestBackends.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    SharedServers shared =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(SharedServers.class, key -> shared(), SharedServers.class);
    ExtensionContext ofClass = ofTestClass(context);
    boolean mayShareBroker = isAnnotated(ofClass.getTestClass(), SharedBroker.class);
    return ofClass
        .getStore(NAMESPACE)
        .computeIfAbsent(
            ClassBackends.class,
            key -> new ClassBackends(shared, mayShareBroker),
            ClassBackends.class);
  }

  private static SharedServers shared() {
    return SharedServers.start(
        System.getProperty(SharedServers.PROPERTY, ""),
        new SharedServers.Choice(
            new EmbeddedServers(), ContainerServers::new, DockerEngine::obstacle),
        System.out);
  }

  /** The outermost class: nested ones share what it was given. */
  private static ExtensionContext ofTestClass(ExtensionContext context) {
    ExtensionContext outermost = context;
    while (outermost.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
      outermost = outermost.getParent().get();
    }
    return outermost;
  }
}
