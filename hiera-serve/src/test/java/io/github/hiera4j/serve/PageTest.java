package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser. The system property {@code hiera.screenshots} names a directory for screenshots. */
@Tag("slow")
class PageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    @TempDir
    Path profile;

    @TempDir
    Path directory;

    private ChromeDriver browser() {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no browser: install the packages chromium and chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        return new ChromeDriver(service, options);
    }

    private static void picture(ChromeDriver browser, String name) throws IOException {
        String directory = System.getProperty("hiera.screenshots");
        if (directory != null) {
            Files.write(Path.of(directory, name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
        }
    }

    private static void look(ChromeDriver browser, String scheme, int width, String name) throws IOException {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        width < 500 ? 1700 : 1100,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 500));
        picture(browser, name + "-" + width + "-" + scheme);
        Number overflow = (Number) browser.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(overflow == null ? 1 : overflow.intValue())
                .as("nothing is wider than the window at %d", width)
                .isLessThanOrEqualTo(0);
    }

    @Test
    void everyPanelWorksAtAnyWidthInLightAndDark() throws IOException {
        List<ModelFile> models = new ArrayList<>(Stream.of("nano_official.pth", "mae_nano_official.pth", "sam2_nano_hf")
                .map(name -> ModelFile.parse(TestFiles.checkpoint(name).toString()))
                .toList());
        models.add(new ModelFile("detector", NanoDetectorFile.write(directory)));
        ChromeDriver browser = browser();
        try (HieraServer server = HieraServer.start(
                models, ServeSettings.DEFAULT, ServerOptions.builder().port(0).build())) {
            WebDriverWait wait = new WebDriverWait(browser, Duration.ofSeconds(40));
            wait.ignoring(StaleElementReferenceException.class); // panels replace their content
            browser.manage().window().setSize(new Dimension(1280, 900));
            browser.get("http://127.0.0.1:" + server.port() + "/");
            wait.until(page -> page.findElement(By.id("models")).getText().contains("nano_official"));
            look(browser, "light", 1280, "start");
            browser.findElement(By.id("files"))
                    .sendKeys(TestFiles.resource("/media/portrait.png").toString());
            wait.until(page -> page.findElements(By.cssSelector(".bars li")).size() == 5);
            everywhere(browser, "classes");
            List<WebElement> tabs = browser.findElements(By.cssSelector("[role=tab]"));
            assertThat(tabs)
                    .extracting(WebElement::getText)
                    .containsExactly("Classes", "Detection", "Segmentation", "Reconstruction", "Attention", "Features");
            tabs.get(0).sendKeys(Keys.ARROW_RIGHT);
            assertThat(tabs.get(1).getAttribute("aria-selected")).isEqualTo("true");
            wait.until(page -> page.findElement(By.cssSelector(".panel .note"))
                    .getText()
                    .matches("(?s).*(found\\.|Nothing found).*"));
            drag(browser, 0.1);
            wait.until(page -> !page.findElements(By.cssSelector(".bars li")).isEmpty());
            everywhere(browser, "detection");
            reconstruct(browser, wait, tabs.get(3));
            attend(browser, wait, tabs.get(4));
            tabs.get(2).click();
            browser.findElement(By.cssSelector(".picture img")).click();
            wait.until(page -> page.findElement(By.cssSelector(".panel [role=status]"))
                    .getText()
                    .contains("quality"));
            everywhere(browser, "segments");
            browser.findElement(By.cssSelector(".picture img")).sendKeys(Keys.ARROW_LEFT, Keys.ENTER);
            wait.until(page -> page.findElement(By.cssSelector(".panel [role=status]"))
                    .getText()
                    .contains("quality"));
            tabs.get(5).click();
            wait.until(page -> !page.findElements(By.cssSelector("canvas.map")).isEmpty());
            everywhere(browser, "features");
            browser.findElement(By.cssSelector(".card .head button")).click();
            assertThat(browser.findElements(By.cssSelector(".card"))).isEmpty();
            assertThat(browser.manage().logs().get("browser").getAll()).isEmpty();
        } finally {
            browser.quit();
        }
    }

    @Test
    void filesAreDroppedPastedAndTakenWithTheCameraAndEveryControlHasAName() throws IOException {
        ChromeDriver browser = browser();
        try (HieraServer server = HieraServer.start(
                List.of(new ModelFile("nano", TestFiles.checkpoint("nano_official.pth"))),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).build())) {
            WebDriverWait wait = new WebDriverWait(browser, Duration.ofSeconds(40));
            wait.ignoring(StaleElementReferenceException.class);
            browser.get("http://127.0.0.1:" + server.port() + "/");
            wait.until(page -> page.findElement(By.id("models")).getText().contains("nano"));
            hand(browser, "drop", "dataTransfer", "dropped.png");
            wait.until(page -> page.findElements(By.cssSelector(".bars li")).size() == 5);
            hand(browser, "paste", "clipboardData", "pasted.png");
            wait.until(page -> page.findElements(By.cssSelector(".bars li")).size() == 10);
            browser.findElement(By.id("camera")).sendKeys(Keys.ENTER);
            wait.until(page -> page.switchTo().activeElement().getText().equals("Take picture"));
            wait.until(page -> browser.executeScript("return document.getElementById('viewfinder').videoWidth > 0")
                    == Boolean.TRUE);
            browser.switchTo().activeElement().sendKeys(Keys.ENTER);
            wait.until(page -> page.findElements(By.cssSelector(".bars li")).size() == 15);
            assertThat(browser.findElement(By.id("results")).getText())
                    .contains("dropped.png", "pasted.png", "camera.jpg");
            everywhere(browser, "camera");
            browser.findElement(By.id("camera-off")).sendKeys(Keys.ENTER);
            assertThat(browser.findElement(By.id("camera-panel")).isDisplayed()).isFalse();
            assertThat(browser.findElements(By.cssSelector("button, input, select, video, img, [role=tab]")))
                    .filteredOn(WebElement::isDisplayed)
                    .hasSizeGreaterThan(8)
                    .allSatisfy(control -> assertThat(control.getAccessibleName())
                            .as(control.getAttribute("outerHTML"))
                            .isNotBlank());
            assertThat(browser.manage().logs().get("browser").getAll()).isEmpty();
        } finally {
            browser.quit();
        }
    }

    /** Passes a picture to the page as a browser does when a user drops or pastes one. */
    private static void hand(ChromeDriver browser, String event, String property, String name) {
        browser.executeAsyncScript("""
                const [type, property, name, done] = arguments;
                const canvas = document.createElement('canvas');
                canvas.width = canvas.height = 64;
                canvas.toBlob((blob) => {
                  const data = new DataTransfer();
                  data.items.add(new File([blob], name, { type: 'image/png' }));
                  const event = new Event(type, { bubbles: true, cancelable: true });
                  Object.defineProperty(event, property, { value: data });
                  document.body.dispatchEvent(event);
                  done();
                });
                """, event, property, name);
    }

    private static void everywhere(ChromeDriver browser, String name) throws IOException {
        for (int width : List.of(390, 1280)) {
            look(browser, "light", width, name);
            look(browser, "dark", width, name);
        }
    }

    /** Moves the panel's slider. */
    private static void drag(ChromeDriver browser, double value) {
        browser.executeScript(
                "const slider = document.querySelector('.panel input[type=range]'); slider.value = arguments[0];"
                        + " slider.dispatchEvent(new Event('input', { bubbles: true }));",
                value);
    }

    private static String state(WebDriver page) {
        return page.findElement(By.cssSelector(".panel [role=status]")).getText();
    }

    /** Waits for the next result. */
    private static String awaitOther(WebDriverWait wait, String before) {
        return wait.until(page -> {
            String now = state(page);
            return now.contains("loss") && !now.equals(before) ? now : null;
        });
    }

    private static void reconstruct(ChromeDriver browser, WebDriverWait wait, WebElement tab) throws IOException {
        tab.click();
        wait.until(page -> state(page).contains("loss"));
        String first = state(browser);
        assertThat(browser.findElements(By.cssSelector(".figures img"))).hasSize(4);
        everywhere(browser, "reconstruction");
        drag(browser, 0.25);
        String second = awaitOther(wait, first);
        assertThat(second).contains("25 %");
        browser.findElement(By.cssSelector(".panel .row button")).click();
        awaitOther(wait, second);
    }

    private static void attend(ChromeDriver browser, WebDriverWait wait, WebElement tab) throws IOException {
        tab.click();
        wait.until(page -> !page.findElements(By.cssSelector(".legend")).isEmpty());
        WebElement seen = browser.findElement(By.cssSelector(".seen img"));
        new Actions(browser).moveToElement(seen, -60, -60).perform();
        wait.until(page -> page.findElement(By.cssSelector(".panel > div > div > .note"))
                .getText()
                .contains("row 1, column 1"));
        everywhere(browser, "attention");
        seen.sendKeys(Keys.ARROW_RIGHT);
        wait.until(page -> page.findElement(By.cssSelector(".panel > div > div > .note"))
                .getText()
                .contains("row 1, column 2"));
        new Select(browser.findElement(By.cssSelector(".panel select"))).selectByIndex(0);
        wait.until(page -> page.findElement(By.cssSelector(".panel > div > div > .note"))
                .getText()
                .contains("block 0"));
    }
}
