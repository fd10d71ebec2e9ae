using CocoonPool.Chaos.Books;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.Chaos.Load;

/// <summary>A sponsor who pays revenue into the distribution contract, and an operator who closes epochs early and has them settled.</summary>
public sealed class Money(PoolClient client, LocalChainClient chain, Wallets wallets, string distribution, ClosingBook closings, TimeProvider time)
{
    private const string Sponsor = "sponsor";

    /// <summary>Between two closings. Each is preceded by a payment, so that there is something to share out.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(12);

    /// <summary>Payments and closings that were refused or got no answer.</summary>
    public int Failures { get; private set; }

    public async Task Prepare(CancellationToken cancellationToken)
    {
        var wallet = await wallets.Create(Sponsor, cancellationToken);
        await chain.Faucet(wallet.Address, Ton.FromTon(1_000_000), cancellationToken);
    }

    /// <summary>Pays and closes until it is cancelled.</summary>
    public async Task Run(Random random, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Try(() => wallets.Send(Sponsor, distribution, Ton.FromTon(2) + random.NextInt64(Ton.FromTon(10)), "revenue", cancellationToken));
            await Try(() => CloseOne(cancellationToken));
        }
    }

    /// <summary>Closes the oldest open epoch and wakes its settlement. An answer that does not come leaves it open what happened.</summary>
    public async Task<ClosingView> CloseOne(CancellationToken cancellationToken)
    {
        var closing = await client.FinalizeEarly(cancellationToken);
        closings.Note(closing);
        await client.Settle(closing.Epoch, cancellationToken);
        return closing;
    }

    private async Task Try(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (failure is LauncherException or PoolRefusedException or HttpRequestException or OperationCanceledException or IOException)
        {
            // The next one is tried at the next pace.
            Failures++;
        }
    }
}
