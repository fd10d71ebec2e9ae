using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CocoonPool.Security.Tests.Host;

/// <summary>What a wallet answers to "prove that you are you".</summary>
public sealed record SignedProof(string Address, string Signature, [property: JsonPropertyName("state_init")] string StateInit);

/// <summary>Real wallets: the program that signs TON Connect proofs with @ton/crypto, kept running.</summary>
public sealed class WalletSigner : IDisposable
{
    private readonly Process _process;

    private WalletSigner(Process process) => _process = process;

    public static WalletSigner Start(string script) =>
        new(Process.Start(new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!);

    /// <param name="wallet">1 to 255: which of the test's wallets.</param>
    /// <param name="address">Sign for this address, whether it is the wallet's or not.</param>
    public async Task<SignedProof> Sign(int wallet, string domain, long timestamp, string payload, string? address = null, int? version = null)
    {
        var wish = new Dictionary<string, object> { ["seed"] = string.Concat(Enumerable.Repeat($"{wallet:x2}", 32)), ["domain"] = domain, ["timestamp"] = timestamp, ["payload"] = payload };
        if (address is not null)
            wish["address"] = address;
        if (version is { } kind)
            wish["version"] = kind;
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(wish));
        return JsonSerializer.Deserialize<SignedProof>((await _process.StandardOutput.ReadLineAsync())!, JsonSerializerOptions.Web)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
