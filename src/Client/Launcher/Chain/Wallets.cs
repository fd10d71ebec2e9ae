using System.Text.Json;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Chain;

/// <summary>Wallets of the demo's people, kept and used through the contracts' own tool.</summary>
public sealed class Wallets(Checkout checkout, StateDirectory state, string chainUrl)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<Wallet> Create(string name, CancellationToken cancellationToken)
    {
        var output = await CommandRun.Require(
            $"creating the wallet of {name}", [.. Tool("create"), "--keys", state.Wallets, "--name", name], cancellationToken);
        return Read<Wallet>(output);
    }

    /// <summary>Sends and waits until the chain has committed it.</summary>
    public async Task<SentTransfer> Send(string name, string to, long amountNano, string? comment, CancellationToken cancellationToken)
    {
        string[] command =
        [
            .. Tool("send"), "--endpoint", chainUrl, "--keys", state.Wallets, "--name", name, "--to", to, "--amount-nano", $"{amountNano}",
            .. comment is null ? (string[])[] : ["--comment", comment],
        ];
        return Read<SentTransfer>(await CommandRun.Require($"sending from the wallet of {name}", command, cancellationToken));
    }

    /// <summary>Registers a stake, or adds to one, and waits until the chain has committed the wallet's part of it.</summary>
    public Task<SentTransfer> Stake(string name, string registry, long amountNano, CancellationToken cancellationToken) => Stake("stake", name, registry, amountNano, cancellationToken);

    /// <summary>Asks the stake account for a part of the stake, or all of it.</summary>
    public Task<SentTransfer> Unstake(string name, string registry, long amountNano, CancellationToken cancellationToken) => Stake("unstake", name, registry, amountNano, cancellationToken);

    private async Task<SentTransfer> Stake(string action, string name, string registry, long amountNano, CancellationToken cancellationToken) =>
        Read<SentTransfer>(await CommandRun.Require(
            $"the {action} of {name}",
            [.. Tool(action), "--endpoint", chainUrl, "--keys", state.Wallets, "--name", name, "--registry", registry, "--amount-nano", $"{amountNano}"],
            cancellationToken));

    private string[] Tool(string action) => ["node", checkout.Script("tools/wallet.js"), action];

    private static T Read<T>(string output)
    {
        var line = output.TrimEnd().Split('\n')[^1];
        return JsonSerializer.Deserialize<T>(line.StartsWith('{') ? line : output, Format)
            ?? throw new LauncherException($"The wallet tool answered: {output}");
    }
}

public sealed record Wallet(string Name, string Address, string Friendly);

public sealed record SentTransfer(string TxHash, string Lt);
