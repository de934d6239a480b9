package io.bgfetch.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostLimitsTest {

  private static HostLimits read(Map<String, String> environment) {
    return HostLimits.from(Settings.of(environment, new Properties()));
  }

  @Test
  void areSixtyFourAtOnceAtAnyRateByDefault() {
    assertThat(read(Map.of()).of("a.example:443")).isEqualTo(HostLimit.ofConcurrency(64));
  }

  @Test
  void holdForEveryHostThatHasNoneOfItsOwn() {
    HostLimits limits =
        read(
            Map.of(
                "BGFETCH_HOST_CONCURRENCY", "8",
                "BGFETCH_HOST_RATE", "0.5",
                "BGFETCH_HOST_LIMITS", "a.example=4/50, b.example:8080=2 ,[::1]:9000=1/1.5"));

    assertThat(limits.of("other.example:80")).isEqualTo(new HostLimit(8, 0.5));
    assertThat(limits.of("a.example:80")).isEqualTo(new HostLimit(4, 50));
    assertThat(limits.of("a.example:8443")).isEqualTo(new HostLimit(4, 50));
    assertThat(limits.of("b.example:8080")).isEqualTo(new HostLimit(2, 0.5));
    assertThat(limits.of("b.example:80")).isEqualTo(new HostLimit(8, 0.5));
    assertThat(limits.of("[::1]:9000")).isEqualTo(new HostLimit(1, 1.5));
  }

  @Test
  void nameHostsAsUrlsDo() {
    HostLimits limits =
        read(Map.of("BGFETCH_HOST_LIMITS", "B\u00fccher.Example=3,127.1:80=2,[0:0::1]=5"));

    assertThat(limits.of("xn--bcher-kva.example:443").concurrency()).isEqualTo(3);
    assertThat(limits.of("127.0.0.1:80").concurrency()).isEqualTo(2);
    assertThat(limits.of("[::1]:80").concurrency()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example",
        "a.example=",
        "a.example=0",
        "a.example=4/0",
        "a.example=4/fast",
        "a.example=4/",
        "a.example:99999=4",
        "a example=4",
        "=4",
        "http://a.example=4",
        "a.example=4,A.example=5"
      })
  void thatCannotBeReadNameTheSetting(String overrides) {
    assertThatThrownBy(() -> read(Map.of("BGFETCH_HOST_LIMITS", overrides)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("BGFETCH_HOST_LIMITS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "fast", "NaN", "1e99"})
  void haveARateAboveNothing(String rate) {
    assertThatThrownBy(() -> read(Map.of("BGFETCH_HOST_RATE", rate)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("BGFETCH_HOST_RATE");
  }
}
