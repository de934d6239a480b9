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

  /** Texts that stand out too little from what is behind them, each with its contrast. */
  @SuppressWarnings("unchecked")
  List<String> faintTexts() {
    return (List<String>)
        page.evaluate(
            """
            () => {
              const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const paint = (colours) => {
                canvas.clearRect(0, 0, 1, 1);
                for (const colour of colours) {
                  canvas.fillStyle = colour;
                  canvas.fillRect(0, 0, 1, 1);
                }
                return canvas.getImageData(0, 0, 1, 1).data;
              };
              const luminance = (colours) => {
                const [r, g, b] = [...paint(colours)].map((part) => part / 255).map((part) =>
                    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = (element) => element === null ? [] :
                  [...behind(element.parentElement), getComputedStyle(element).backgroundColor];
              const ownText = (element) => [...element.childNodes]
                  .filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join('');
              return [...document.querySelectorAll('body *')]
                  .filter((element) => ownText(element) !== '' && element.checkVisibility()
                      && !element.closest(':disabled, svg, option'))
                  .map((element) => {
                    const back = behind(element);
                    const one = luminance(back);
                    const other = luminance([...back, getComputedStyle(element).color]);
                    return [(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), ownText(element)];
                  })
                  .filter(([contrast]) => contrast < 4.5)
                  .map(([contrast, text]) => `${contrast.toFixed(2)} ${text}`);
            }\
            """);
  }

  /** What was asked of the gateway so far: method and URL. */
  List<String> requests() {
    return requests;
  }

  /** No script ran that is not ours, nothing was refused, nothing was written to the console. */
  @Override
  public void close() {
    page.unrouteAll(); // else what is asked for meanwhile is answered to nobody
    page.context().close();
    assertThat(mishaps).isEmpty();
  }
}
