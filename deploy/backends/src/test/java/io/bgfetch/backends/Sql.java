package io.bgfetch.backends;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One statement on a connection of its own. */
final class Sql {
  private Sql() {}

  static Connection connect(String uri) throws SQLException {
    String[] user = URI.create(uri).getUserInfo().split(":");
    return connect(uri, user[0], user[1]);
  }

  static Connection connect(String uri, String user, String password) throws SQLException {
    URI parsed = URI.create(uri);
    String url = "jdbc:postgresql://" + parsed.getAuthority().split("@")[1] + parsed.getPath();
    return DriverManager.getConnection(url, user, password);
  }

  static void execute(String uri, String sql) throws SQLException {
    try (Connection connection = connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String query(String uri, String sql) throws SQLException {
    try (Connection connection = connect(uri);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
