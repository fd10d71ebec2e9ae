using System.Globalization;
using CocoonPool.TestKit.Ton;

namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>The contract loses coins and gets them back once it has refused a message, or after a while. Nobody does anything else about it.</summary>
public sealed class Underfunding(LocalTon ton, Struck struck)
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(4);

    private TaskCompletionSource? _refused;

    /// <summary>The contract has refused a message.</summary>
    public void Refused() => _refused?.TrySetResult();

    /// <param name="needNano">What the epoch needs.</param>
    /// <param name="keepPercent">How much of that the contract keeps.</param>
    public async Task Strike(long needNano, int keepPercent)
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _refused = refused;
        if (await Persistently(Balance) is not { } before)
            return;
        var leave = $"{(long)((Int128)needNano * keepPercent / 100)}";
        await Persistently(async () =>
        {
            await ton.Dev("underfund", new { address = ton.Distribution, leave_nano = leave });
            return 0;
        });
        if (await Persistently(Balance) is not { } after || after >= before)
            return;
        struck.Add("underfunded");
        await Task.WhenAny(refused.Task, Task.Delay(AtMost));
        if (refused.Task.IsCompleted)
            struck.Add("refusals for want of money");
        // What it paid meanwhile comes back with the rest: a little too much does no harm, and who knows what a dying chain has done.
        var missing = before - (await Persistently(Balance) ?? 0);
        await Persistently(async () =>
        {
            await ton.Faucet(ton.Distribution, missing);
            return missing;
        });
    }

    private async Task<long> Balance() => long.Parse(
        (await ton.Dev("balances", new { addresses = new[] { ton.Distribution } })).GetProperty("balances_nano")[0].GetString()!, CultureInfo.InvariantCulture);

    /// <summary>Again while the chain is dead. Null when it says no: the contract holds less already.</summary>
    private async Task<long?> Persistently(Func<Task<long>> ask)
    {
        while (true)
        {
            try
            {
                await ton.Chain.Ready();
                return await ask();
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
            {
                // Dead once more: asked again when it is back.
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
