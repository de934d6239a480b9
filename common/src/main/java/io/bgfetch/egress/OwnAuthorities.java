package io.bgfetch.egress;

import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of authorities that are trusted beside those that the JDK trusts.
 *
 * @param certificates at least one
 */
public record OwnAuthorities(List<Certificate> certificates) {

  public OwnAuthorities {
    certificates = List.copyOf(certificates);
  }

  /**
   * Reads a PEM file.
   *
   * @throws IllegalArgumentException if it cannot be read or holds no certificate
   */
  static OwnAuthorities ofFile(String name) {
    try (InputStream file = Files.newInputStream(Path.of(name))) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(name + " has no certificate");
      }
      return new OwnAuthorities(List.copyOf(found));
    } catch (IOException | InvalidPathException unreadable) {
      throw new IllegalArgumentException("the file " + name + " cannot be read", unreadable);
    } catch (CertificateException notPem) {
      throw new IllegalArgumentException(name + " is no PEM file of certificates", notPem);
    }
  }

  /** Trust in these and in those of the JDK. */
  public TrustOptions besideTheJdks() {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int n = 0;
      for (Certificate certificate :
          Stream.concat(certificates.stream(), jdks().stream()).toList()) {
        all.setCertificateEntry("authority " + n++, certificate);
      }
      return TrustOptions.wrap(managerOf(all));
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("the JDK's trust store cannot be read", impossible);
    }
  }

  private static List<X509Certificate> jdks() throws GeneralSecurityException {
    return List.of(managerOf(null).getAcceptedIssuers());
  }

  /** The JDK's own store goes by the name of null. */
  private static X509TrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
