package io.bgfetch.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that needs real Postgres and Kafka: its methods and constructor can take a
 * {@link TestBackends}. Both servers are started once per JVM, when the first test asks for them;
 * which ones {@link BackendsExtension} tells.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(BackendsExtension.class)
public @interface WithBackends {}
