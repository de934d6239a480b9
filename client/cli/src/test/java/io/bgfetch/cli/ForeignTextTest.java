package io.bgfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTextTest {
  @Test
  void cannotDriveTheTerminal() {
    assertThat(ForeignText.clean("a\u001b[2J\n\u009b1m\u202eb\u2028\ud800"))
        .isEqualTo("a\uFFFD[2J\uFFFD\uFFFD1m\uFFFDb\uFFFD\uFFFD");
  }

  @Test
  void staysWhatItIsOtherwise() {
    String text = "Größe \uD83D\uDC69\u200D\uD83D\uDCBB 日本 50 % <b>";

    assertThat(ForeignText.clean(text)).isEqualTo(text);
  }

  @Test
  void isOneWordToAShell() {
    assertThat(ForeignText.shellWord("my-fetch")).isEqualTo("my-fetch");
    assertThat(ForeignText.shellWord("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    assertThat(ForeignText.shellWord("")).isEqualTo("''");
  }
}
