package io.bgfetch.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresSettingsTest {

  private static PostgresSettings settings(String uri) {
    return PostgresSettings.from(
        Settings.of(Map.of("BGFETCH_POSTGRES_URI", uri), new Properties()));
  }

  @Test
  void migrationsReachTheSameDatabase() {
    PGSimpleDataSource source =
        settings("postgresql://me:a%20word@db.example:6432/fetches").dataSource();

    assertThat(source.getServerNames()).containsExactly("db.example");
    assertThat(source.getPortNumbers()).containsExactly(6432);
    assertThat(source.getDatabaseName()).isEqualTo("fetches");
    assertThat(source.getUser()).isEqualTo("me");
    assertThat(source.getPassword()).isEqualTo("a word");
  }

  @Test
  void migrationsAskForTheSameTls() {
    PGSimpleDataSource source =
        settings("postgresql://me:word@db.example/fetches?sslmode=verify-full").dataSource();

    assertThat(source.getSslMode()).isEqualTo("verify-full");
    assertThat(source.getUser()).isEqualTo("me");
  }

  @Test
  void migrationsReachAnAddressOfVersion6() {
    PGSimpleDataSource source = settings("postgresql://me:word@[::1]:6432/fetches").dataSource();

    assertThat(source.getPortNumbers()).containsExactly(6432);
    assertThat(source.getServerNames()).singleElement().asString().contains("::1");
  }
}
