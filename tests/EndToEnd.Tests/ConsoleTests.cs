using CocoonPool.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace CocoonPool.EndToEnd.Tests;

public sealed class ConsoleTests(LivePool live)
{
    private static readonly string? Chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    [Fact]
    public Task FirstPage_ShowsThePoolLiveWithoutAnErrorOrAnExternalRequest() => Opens("/", async page =>
    {
        await page.GetByText("Live", new() { Exact = true }).First.WaitForAsync();
        foreach (var member in live.Members)
            await page.GetByText(member.WorkerId).First.WaitForAsync();
    });

    [Fact]
    public Task ReferencePage_ShowsTheApiWithoutAnErrorOrAnExternalRequest() =>
        Opens("/docs/", page => page.GetByText("/api/v1/pool/stats").First.WaitForAsync());

    private async Task Opens(string path, Func<IPage, Task> look)
    {
        Assert.SkipWhen(Chromium is null, "There is no Chromium on this machine; install the package 'chromium'.");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();
        var problems = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
                problems.Add(message.Text);
        };
        page.PageError += (_, error) => problems.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(live.Pool.SiloUrl, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("ws:", StringComparison.Ordinal))
                problems.Add($"external request to {request.Url}");
        };

        await page.GotoAsync(live.Pool.SiloUrl + path);

        await look(page);
        problems.ShouldBeEmpty();
    }
}
