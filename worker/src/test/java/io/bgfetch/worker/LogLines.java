package io.bgfetch.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** All that some loggers say while it is open, whatever its level. */
final class LogLines implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Logger> loggers;
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(
              event.getFormattedMessage()
                  + event.getKeyValuePairs()
                  + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
      };

  private LogLines(List<Logger> loggers) {
    this.loggers = loggers;
    appender.start();
    loggers.forEach(
        logger -> {
          logger.setAdditive(false);
          logger.setLevel(Level.TRACE);
          logger.addAppender(appender);
        });
  }

  static LogLines ofAllLevels(String... names) {
    return new LogLines(
        Stream.of(names).map(LoggerFactory::getLogger).map(Logger.class::cast).toList());
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    loggers.forEach(
        logger -> {
          logger.detachAppender(appender);
          logger.setLevel(null);
          logger.setAdditive(true);
        });
  }
}
