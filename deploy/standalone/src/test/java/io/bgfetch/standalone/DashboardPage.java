package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The dashboard in a browser, and everything that goes wrong in it. */
final class DashboardPage implements AutoCloseable {
  /**
   * The browser's own words about answers that are no success; the dashboard has others for them.
   */
  private static final List<String> ABOUT_ANSWERS = List.of("Failed to load resource");

  private final Page page;
  private final List<String> mishaps = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  DashboardPage(Chromium chromium, NewContextOptions options) {
    page = chromium.newPage(options);
    page.onConsoleMessage(
        message -> {
          if (message.type().matches("error|warning")
              && ABOUT_ANSWERS.stream().noneMatch(message.text()::startsWith)) {
            mishaps.add(message.text());
          }
        });
    page.onPageError(mishaps::add);
    page.onDialog(
        dialog -> {
          mishaps.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onRequest(request -> requests.add(request.method() + " " + request.url()));
  }

  static DashboardPage at(Chromium chromium, URI url) {
    DashboardPage dashboard = new DashboardPage(chromium, new NewContextOptions());
    return dashboard.go(url, "");
  }

  DashboardPage go(URI url, String address) {
    var unused = page.navigate(url.resolve("/").toString() + address);
    return this;
  }

  Page page() {
    return page;
  }

  Locator find(String selector) {
    return page.locator(selector);
  }

  /** The row of a registration, in whichever list it is. */
  Locator row(String uid) {
    return page.locator("[data-uid='%s']:visible".formatted(uid));
  }

  Locator button(Locator within, String name) {
    return within.getByRole(
        AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName(java.util.regex.Pattern.compile("^" + name)));
  }

  Locator button(String name) {
    return button(page.locator("body"), name);
  }

  void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  /** What was asked of the gateway so far: method and URL. */
  List<String> requests() {
    return requests;
  }

  /** No script ran that is not ours, nothing was refused, nothing was written to the console. */
  @Override
  public void close() {
    page.context().close();
    assertThat(mishaps).isEmpty();
  }
}
