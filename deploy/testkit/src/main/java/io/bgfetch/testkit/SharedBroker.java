package io.bgfetch.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Marks a test class that uses the JVM's shared broker ({@link
 * TestBackends#kafkaBootstrapServers()}), which spares it the start of its own. Names of topics and
 * groups are fixed in the product, so where classes run at the same time those with this mark come
 * one after the other.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ResourceLock("bgfetch shared broker")
public @interface SharedBroker {}
