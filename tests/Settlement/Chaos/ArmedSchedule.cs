using System.Text.Json;
using CocoonPool.Domain.Ledger;
using CocoonPool.Settlement.Tests.Host;
using CocoonPool.TestKit.Processes;
using CocoonPool.TestKit.Ton;

namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>A schedule at work: it hears every call, strikes when a moment has come, and remembers what has struck.</summary>
public sealed class ArmedSchedule : IWireTap
{
    private readonly FaultSchedule _schedule;
    private readonly LocalTon _ton;
    private readonly KeptService _silo;
    private readonly Nanotons _need;
    private readonly WireLaws _laws;
    private readonly Underfunding _underfunding;
    private readonly List<Task> _underWay = [];

    /// <param name="need">What the epoch takes from the contract, shares and fee.</param>
    public ArmedSchedule(FaultSchedule schedule, LocalTon ton, KeptService silo, PoolData data, Nanotons need)
    {
        (_schedule, _ton, _silo, _need) = (schedule, ton, silo, need);
        _laws = new WireLaws(data);
        _underfunding = new Underfunding(ton, Struck);
    }

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
        foreach (var strike in _schedule.Strikes.Where(s => s.Call == call && s.Nth == nth && s.Stage == stage))
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
                Begin(_underfunding.Strike(_need.Value, _schedule.Keep));
                return WireFate.Pass;
        }
    }

    private async Task Kill(Strike strike)
    {
        await Task.Delay(strike.Milliseconds);
        if (strike.Harm is Harm.KillChain)
            await CountChainFaults();
        var service = strike.Harm switch { Harm.KillSilo => _silo, Harm.KillGateway => _ton.Gateway, _ => _ton.Chain };
        if (service.Kill())
            Struck.Add($"{service.Name} killed");
    }

    /// <summary>Adds what the chain has done to messages since its faults were set; it forgets that when it is killed.</summary>
    public async Task CountChainFaults()
    {
        try
        {
            var counts = (await _ton.Dev("stats")).GetProperty("faults_struck");
            foreach (var fault in counts.EnumerateObject())
                Struck.Add($"messages {fault.Name}", fault.Value.GetInt64());
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            // It is dead already.
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
            _underfunding.Refused();
    }

    private void Begin(Task fault)
    {
        lock (_underWay)
            _underWay.Add(fault);
    }
}
