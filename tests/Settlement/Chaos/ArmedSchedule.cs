using System.Text.Json;
using CocoonPool.Domain.Ledger;
using CocoonPool.Settlement.Tests.Host;
using CocoonPool.TestKit.Processes;
using CocoonPool.TestKit.Ton;

namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>A schedule at work: it hears every call, strikes when a moment has come, and remembers what has struck.</summary>
public sealed class ArmedSchedule(FaultSchedule schedule, LocalTon ton, KeptService silo, PoolData data, Nanotons need) : IWireTap
{
    private readonly WireLaws _laws = new(data);
    private readonly List<Task> _underWay = [];
    private TaskCompletionSource? _refused;

    public Struck Struck { get; } = new();

    /// <summary>What the wire saw that must never be, in words.</summary>
    public IReadOnlyList<string> Objections => _laws.Objections;

    /// <summary>Completes when every fault that has begun is over.</summary>
    public Task Over
    {
        get
        {
            lock (_underWay)
                return Task.WhenAll(_underWay);
        }
    }

    public async Task<WireFate> On(Call call, int nth, Stage stage, JsonElement? request, JsonElement? answer)
    {
        await Watch(call, stage, request, answer);
        var fate = WireFate.Pass;
        foreach (var strike in schedule.Strikes.Where(s => s.Call == call && s.Nth == nth && s.Stage == stage))
        {
            if (await Carry(strike) is var worse and not WireFate.Pass)
                fate = worse;
        }

        return fate;
    }

    private async Task<WireFate> Carry(Strike strike)
    {
        switch (strike.Harm)
        {
            case Harm.KillSilo or Harm.KillGateway or Harm.KillChain:
                // A process that dies while it is asked takes the call with it; later, the call is over and nobody waits.
                if (strike.Stage is Stage.Told)
                {
                    Begin(Kill(strike));
                    return WireFate.Pass;
                }
                await Kill(strike);
                return strike.Harm is Harm.KillSilo ? WireFate.Break : WireFate.Pass;
            case Harm.LoseRequest:
                Struck.Add("requests lost");
                return WireFate.Break;
            case Harm.LoseReply:
                Struck.Add("replies lost");
                return WireFate.Break;
            case Harm.RepeatRequest:
                Struck.Add("requests repeated");
                return WireFate.Repeat;
            case Harm.HoldCall:
                Struck.Add("calls held");
                await Task.Delay(strike.Milliseconds);
                return WireFate.Pass;
            default:
                Begin(Underfund());
                return WireFate.Pass;
        }
    }

    private async Task Kill(Strike strike)
    {
        await Task.Delay(strike.Milliseconds);
        if (strike.Harm is Harm.KillChain)
            await CountChainFaults();
        var service = strike.Harm switch { Harm.KillSilo => silo, Harm.KillGateway => ton.Gateway, _ => ton.Chain };
        if (service.Kill())
            Struck.Add($"{service.Name} killed");
    }

    /// <summary>Adds what the chain has done to messages since its faults were set; it forgets that when it is killed.</summary>
    public async Task CountChainFaults()
    {
        try
        {
            var counts = (await ton.Dev("stats")).GetProperty("faults_struck");
            foreach (var fault in counts.EnumerateObject())
                Struck.Add($"messages {fault.Name}", fault.Value.GetInt64());
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            // It is dead already.
        }
    }

    /// <summary>Takes the contract's coins and, once it has refused a message or some time has passed, gives them back: nobody does anything else.</summary>
    private async Task Underfund()
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _refused = refused;
        var taken = await Persistently(async () =>
        {
            var answer = await ton.Dev("underfund", new { address = ton.Distribution, leave_nano = $"{(long)((Int128)need.Value * schedule.Keep / 100)}" });
            return long.Parse(answer.GetProperty("taken_nano").GetString()!);
        });
        if (taken is not { } nano)
            return;
        Struck.Add("underfunded");
        await Task.WhenAny(refused.Task, Task.Delay(TimeSpan.FromSeconds(4)));
        if (refused.Task.IsCompleted)
            Struck.Add("refusals for want of money");
        await Persistently(async () =>
        {
            await ton.Faucet(ton.Distribution, nano);
            return nano;
        });
    }

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
            catch (HttpRequestException)
            {
                // Whether coins came before it died is seen in the balance; a little too much does no harm.
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    private async Task Watch(Call call, Stage stage, JsonElement? request, JsonElement? answer)
    {
        if (stage is Stage.Asked && call is Call.Broadcast && request?.GetProperty("boc").GetString() is { } boc)
            await _laws.Send(boc);
        if (stage is not Stage.Answered || answer is not { ValueKind: JsonValueKind.Object } found)
            return;
        _laws.Read(found);
        if (call is Call.Sign && request is { } asked)
            _laws.Sign(asked, found);
        if (call is Call.Message && found.TryGetProperty("state", out var state) && state.GetString() is "refused")
            _refused?.TrySetResult();
    }

    private void Begin(Task fault)
    {
        lock (_underWay)
            _underWay.Add(fault);
    }
}
