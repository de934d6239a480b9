package io.bgfetch.testkit;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;

/** A {@code postgresql://user:password@host:port/database}, and statements that run there. */
record PostgresUri(String uri) {
  private static final String TIMEOUT_SECONDS = "30";

  /** The same server and user, another database. */
  PostgresUri database(String name) {
    return new PostgresUri(uri.substring(0, uri.lastIndexOf('/') + 1) + name);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    URI parsed = URI.create(uri);
    String[] user = parsed.getUserInfo().split(":", 2);
    Properties properties = new Properties();
    properties.setProperty("user", user[0]);
    properties.setProperty("password", user[1]);
    properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
    properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
    String url =
        "jdbc:postgresql://%s:%d%s".formatted(parsed.getHost(), parsed.getPort(), parsed.getPath());
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not know " + url);
    }
    return connection;
  }
}
