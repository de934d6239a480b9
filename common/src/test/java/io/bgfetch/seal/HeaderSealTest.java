package io.bgfetch.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.fetch.SealedHeader;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class HeaderSealTest {

  private static final String TOKEN = "Bearer s3cr3t-ü";

  private final HeaderSeal seal = sealOf(1);

  private static HeaderSeal sealOf(int key) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) key);
    return new HeaderSeal(new SealKey(bytes), new SecureRandom());
  }

  @Test
  void opensWhatItSealed() throws SealException {
    assertThat(seal.open("authorization", seal.seal("authorization", TOKEN))).isEqualTo(TOKEN);
    assertThat(seal.open("cookie", seal.seal("cookie", ""))).isEmpty();
  }

  @Test
  void opensWhatAnotherProcessOfTheSameKeySealed() throws SealException {
    assertThat(sealOf(1).open("cookie", seal.seal("cookie", TOKEN))).isEqualTo(TOKEN);
  }

  @Test
  void showsNothingOfTheValue() {
    SealedHeader sealed = seal.seal("authorization", TOKEN);

    assertThat(sealed.toString()).doesNotContain("s3cr3t");
    assertThat(new String(Base64.getDecoder().decode(sealed.sealed()))).doesNotContain("s3cr3t");
    assertThat(new String(Base64.getDecoder().decode(sealed.mac()))).doesNotContain("s3cr3t");
  }

  @Test
  void sealsTheSameValueDifferentlyEachTimeAndKnowsItAgain() {
    SealedHeader one = seal.seal("cookie", TOKEN);
    SealedHeader other = seal.seal("cookie", TOKEN);

    assertThat(one.sealed()).isNotEqualTo(other.sealed());
    assertThat(one.mac()).isEqualTo(other.mac()).isEqualTo(sealOf(1).mac("cookie", TOKEN));
  }

  @Test
  void tellsValuesNamesAndKeysApart() {
    assertThat(seal.mac("cookie", "a"))
        .isNotEqualTo(seal.mac("cookie", "b"))
        .isNotEqualTo(seal.mac("x-api-key", "a"))
        .isNotEqualTo(sealOf(2).mac("cookie", "a"));
  }

  @Test
  void doesNotOpenWhatAnotherKeySealed() {
    SealedHeader foreign = sealOf(2).seal("authorization", TOKEN);

    assertThatThrownBy(() -> seal.open("authorization", foreign))
        .isInstanceOf(SealException.class)
        .hasMessage("the header authorization was sealed with another key");
  }

  @Test
  void doesNotOpenWhatWasSealedForAnotherName() {
    SealedHeader cookie = seal.seal("cookie", TOKEN);

    assertThatThrownBy(() -> seal.open("authorization", cookie)).isInstanceOf(SealException.class);
  }

  @Test
  void doesNotOpenWhatWasChangedOrIsTooShort() {
    SealedHeader sealed = seal.seal("cookie", TOKEN);
    byte[] changed = Base64.getDecoder().decode(sealed.sealed());
    changed[changed.length - 1] ^= 1;

    for (String bad : new String[] {Base64.getEncoder().encodeToString(changed), "AAAA", "", "?"}) {
      assertThatThrownBy(() -> seal.open("cookie", new SealedHeader(bad, sealed.mac())))
          .isInstanceOf(SealException.class);
    }
  }
}
