package io.bgfetch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The statements by which clients read and change registrations and records take the tenant. */
class TenantStatementsTest {

  @ParameterizedTest
  @MethodSource("statements")
  void areAboutOneTenant(Field statement) throws Exception {
    statement.setAccessible(true);

    assertThat((String) statement.get(null)).containsPattern("tenant = \\$1\\b");
  }

  static Stream<Field> statements() throws ClassNotFoundException {
    return Stream.of(
            Class.forName("io.bgfetch.gateway.database.RegistrationSql"),
            Class.forName("io.bgfetch.gateway.orders.OrderSql"),
            Class.forName("io.bgfetch.gateway.reading.RecordSql"),
            Class.forName("io.bgfetch.gateway.stats.StatsSql"),
            Class.forName("io.bgfetch.gateway.webhook.WebhookSql"))
        .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
        .filter(field -> field.getType() == String.class);
  }
}
