package io.bgfetch.testkit;

import io.vertx.core.net.PfxOptions;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority of the tests' own, and the certificates that it gave, all for the name
 * origin.test: {@code origin}, and {@code expired}. Made once per process with the JDK's keytool.
 */
public final class TestAuthority {

  private static final String PASSWORD = "changeit";

  private final Path store;

  private TestAuthority(Path directory) {
    store = directory.resolve("authority.p12");
    keytool("-alias", "ca", "-dname", "CN=authority", "-ext", "bc:c", "-validity", "30");
    sign("origin", "-validity", "30");
    sign("expired", "-startdate", "-10d", "-validity", "5");
  }

  /** The one of this process. */
  public static TestAuthority shared() {
    return Shared.AUTHORITY;
  }

  private static final class Shared {

    private static final TestAuthority AUTHORITY = make();

    private static TestAuthority make() {
      try {
        Path directory = Files.createTempDirectory("authority");
        TestAuthority made = new TestAuthority(directory);
        directory.toFile().deleteOnExit(); // last: the order is reversed
        made.store.toFile().deleteOnExit();
        made.store.resolveSibling("ca.pem").toFile().deleteOnExit();
        return made;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void sign(String alias, String... validity) {
    List<String> arguments =
        new ArrayList<>(List.of("-alias", alias, "-dname", "CN=" + alias, "-signer", "ca"));
    arguments.addAll(List.of("-ext", "san=dns:origin.test"));
    arguments.addAll(List.of(validity));
    keytool(arguments.toArray(String[]::new));
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
  public PfxOptions key(String alias) {
    return new PfxOptions()
        .setPath(store.toString())
        .setPassword(PASSWORD)
        .setAlias(alias)
        .setAliasPassword(PASSWORD);
  }

  /** A PEM file with the authority's own certificate. */
  public String pem() {
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
