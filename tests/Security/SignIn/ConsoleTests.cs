using System.Text.Json;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Security.Tests.Host;
using Microsoft.Playwright;

namespace CocoonPool.Security.Tests.SignIn;

/// <summary>Signing in with a real browser at the console that the host serves, under its own content security policy.</summary>
public sealed class ConsoleTests(PoolUnderAttack pool)
{
    /// <summary>Set to a folder to keep what each page looked like, light and dark.</summary>
    private const string ScreenshotsVariable = "COCOON_SCREENSHOTS";
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public Task Person_SignsInByKeyboardAlone_AndOutAgain() => Opens(async page =>
    {
        var person = await Person.Create(pool, "operator");
        await page.GetByLabel("Username").FocusAsync();
        await page.Keyboard.TypeAsync(person.Username);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(person.Password);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(person.NextCode());
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Name = person.Username }).WaitForAsync();
        (await page.EvaluateAsync<string>("document.cookie")).ShouldBeEmpty("no script can read the session");
        (await page.EvaluateAsync<string>("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")).ShouldNotContain("ct_");
        var cookies = await page.Context.CookiesAsync();
        cookies.Select(c => c.Name).Order(StringComparer.Ordinal).ShouldBe(["__Host-cocoon-session", "__Secure-cocoon-refresh"]);
        cookies.ShouldAllBe(c => c.HttpOnly && c.Secure && c.SameSite == SameSiteAttribute.Strict);
        await Keep(page, "operator");

        // The session outlives the page, and its end is the end.
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = person.Username }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.GetByLabel("Username").WaitForAsync();
        (await page.Context.CookiesAsync()).ShouldBeEmpty();
        (await pool.Scalar<long>($"select count(*) from sessions where subject = '{person.Username}' and ended_at is null")).ShouldBe(0);
    });

    [Fact]
    public Task Person_WithARecoveryCode_SignsInToo() => Opens(async page =>
    {
        var person = await Person.Create(pool, "auditor");
        await Fill(page, person.Username, person.Password, person.RecoveryCodes[0]);

        await page.GetByRole(AriaRole.Heading, new() { Name = person.Username }).WaitForAsync();
    });

    [Fact]
    public Task WrongPassword_IsSaidInTheWordsOfTheApi_AndTheCodeIsForgotten() => Opens(async page =>
    {
        var person = await Person.Create(pool, "operator");
        await Fill(page, person.Username, "not the password", person.NextCode());

        await page.GetByRole(AriaRole.Alert).GetByText("The username, the password or the one-time code is wrong.").WaitForAsync();
        (await page.GetByLabel("One-time code").InputValueAsync()).ShouldBeEmpty();
        await Keep(page, "refused");
    });

    [Fact]
    public Task Participant_SignsInWithAWalletsProof_AndSeesOwnEarnings() => Opens(async page =>
    {
        pool.Time.Reset();
        var address = (await pool.Wallets.Sign(91, "localhost", 0, "")).Address;
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post("/api/v1/participants", new { wallet_address = address })).Status.ShouldBeOneOf(200, 201);
        await page.GetByText("Participants", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Wallet address").FillAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Get the challenge" }).ClickAsync();
        var payload = await page.GetByRole(AriaRole.Button, new() { Name = "Copy payload" }).GetAttributeAsync("title");
        await Keep(page, "wallet");
        var now = pool.Time.GetUtcNow().ToUnixTimeSeconds();
        var signed = await pool.Wallets.Sign(91, "localhost", now, payload!);
        await page.GetByLabel("The wallet's answer").FillAsync(JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["proof"] = new { timestamp = now, domain = new { lengthBytes = 9, value = "localhost" }, payload, signature = signed.Signature, state_init = signed.StateInit },
        }));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.GetByText("Paid in all").WaitForAsync();
        await Keep(page, "participant");
    });

    [Fact]
    public Task Client_LooksAtItsBalanceWithAKey_ThatIsGoneWithThePage() => Opens(async page =>
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var client = (await key.Post("/api/v1/keys", new { role = "client", subject = "console-client", label = "" })).Body.Text("key");
        await page.GetByText("API key", new() { Exact = true }).First.ClickAsync();
        await page.GetByLabel("API key").Last.FillAsync(client);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this key" }).ClickAsync();

        await page.GetByText("Balance").WaitForAsync();
        await Keep(page, "client");
        (await page.EvaluateAsync<string>("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")).ShouldNotContain("ck_");
        await page.ReloadAsync();
        await page.GetByLabel("Username").WaitForAsync();
    });

    [Fact]
    public Task WaysToSignIn_AreChosenWithTheArrowKeys() => Opens(async page =>
    {
        await page.GetByRole(AriaRole.Radio, new() { Name = "Operators" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.GetByLabel("Wallet address").WaitForAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this key" }).WaitForAsync();
    });

    private static async Task Fill(IPage page, string username, string password, string code)
    {
        await page.GetByLabel("Username").FillAsync(username);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByLabel("One-time code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private async Task Opens(Func<IPage, Task> use)
    {
        Assert.SkipWhen(!File.Exists(Chromium), "There is no Chromium on this machine; install the package 'chromium'.");
        Assert.SkipWhen(!File.Exists(Path.Combine(Checkout.Find().Root, "src/Silo/wwwroot/console/index.html")), "The console is not built; run `npm run build` in src/Console.");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            // A refused sign-in is the browser's error as well, and no mistake of the page.
            if (message.Type is "error" && !message.Text.Contains("401", StringComparison.Ordinal))
                problems.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != pool.Url.Authority)
                problems.Add($"external request to {request.Url}");
        };
        await page.GotoAsync(new Uri(pool.Url, "/console/#account").ToString());
        await page.GetByLabel("Username").WaitForAsync();

        await use(page);
        problems.ShouldBeEmpty();
    }

    private static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(ScreenshotsVariable) is not { Length: > 0 } folder)
            return;
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png".ToLowerInvariant()), FullPage = true });
        }
        await page.SetViewportSizeAsync(390, 844);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-phone.png"), FullPage = true });
        await page.SetViewportSizeAsync(1280, 720);
    }
}
