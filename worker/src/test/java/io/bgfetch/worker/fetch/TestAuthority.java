package io.bgfetch.worker.fetch;

import io.vertx.core.net.PfxOptions;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority of the test's own, and certificates that it gave. */
final class TestAuthority {

  private static final String PASSWORD = "changeit";

  private final Path store;

  /** Makes its key with the JDK's keytool. */
  TestAuthority(Path directory) {
    store = directory.resolve("authority.p12");
    keytool("-alias", "ca", "-dname", "CN=authority", "-ext", "bc:c", "-validity", "30");
  }

  /** A certificate for the names, such as {@code dns:origin.test}. */
  TestAuthority signs(String alias, String names, String... validity) {
    List<String> more =
        new ArrayList<>(
            List.of(
                "-alias", alias, "-dname", "CN=" + alias, "-signer", "ca", "-ext", "san=" + names));
    more.addAll(List.of(validity.length == 0 ? new String[] {"-validity", "30"} : validity));
    keytool(more.toArray(String[]::new));
    return this;
  }

  private void keytool(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key and chain of a certificate, for a server. */
  PfxOptions key(String alias) {
    return new PfxOptions()
        .setPath(store.toString())
        .setPassword(PASSWORD)
        .setAlias(alias)
        .setAliasPassword(PASSWORD);
  }

  /** A PEM file with the authority's own certificate. */
  String pem() {
    try (InputStream file = new FileInputStream(store.toFile())) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(file, PASSWORD.toCharArray());
      String base64 =
          Base64.getMimeEncoder().encodeToString(keys.getCertificate("ca").getEncoded());
      return Files.writeString(
              store.resolveSibling("ca.pem"),
              "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n")
          .toString();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
