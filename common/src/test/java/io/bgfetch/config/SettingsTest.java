package io.bgfetch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static Settings of(String name, String value) {
    return Settings.of(Map.of(name, value), new Properties());
  }

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "24h,PT24H", "7d,PT168H"})
  void readsDurations(String text, Duration duration) {
    assertThat(of("BGFETCH_A", text).duration("BGFETCH_A", Duration.ZERO)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "5", "s", "-1s", "1.5s", "5 s", "99999999999999999999h"})
  void refusesWhatIsNoDuration(String text) {
    Settings settings = of("BGFETCH_A", text);

    assertThatThrownBy(() -> settings.duration("BGFETCH_A", Duration.ZERO))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("BGFETCH_A is \"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1024,1024", "16KiB,16384", "8MiB,8388608", "1GiB,1073741824"})
  void readsSizes(String text, long bytes) {
    assertThat(of("BGFETCH_A", text).bytes("BGFETCH_A", -1)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8MB", "KiB", "-1", "99999999TiB"})
  void refusesWhatIsNoSize(String text) {
    Settings settings = of("BGFETCH_A", text);

    assertThatThrownBy(() -> settings.bytes("BGFETCH_A", 0))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("BGFETCH_A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "0", "11", ""})
  void refusesNumbersThatAreNoneOrOutOfBounds(String text) {
    Settings settings = of("BGFETCH_A", text);

    if (text.isEmpty()) {
      assertThat(settings.number("BGFETCH_A", 7, 1, 10)).isEqualTo(7);
    } else {
      assertThatThrownBy(() -> settings.number("BGFETCH_A", 7, 1, 10))
          .isInstanceOf(SettingException.class)
          .hasMessageStartingWith("BGFETCH_A is ");
    }
  }

  @Test
  void namesASettingThatIsMissing() {
    Settings none = Settings.of(Map.of(), new Properties());

    assertThatThrownBy(() -> none.required("BGFETCH_POSTGRES_URI"))
        .hasMessage("BGFETCH_POSTGRES_URI is not set");
  }

  @Test
  void letsASystemPropertyWinOverTheEnvironment() {
    Properties properties = new Properties();
    properties.setProperty("bgfetch.http.port", "9000");

    Settings settings = Settings.of(Map.of("BGFETCH_HTTP_PORT", "8000"), properties);

    assertThat(settings.number("BGFETCH_HTTP_PORT", 1, 0, 65535)).isEqualTo(9000);
  }

  @Test
  void findsSettingsByWhatTheyBeginWith() {
    Settings settings = of("BGFETCH_KAFKA_SASL_MECHANISM", "PLAIN");

    assertThat(settings.startingWith("BGFETCH_KAFKA_"))
        .containsExactly(Map.entry("SASL_MECHANISM", "PLAIN"));
  }
}
