using System.Diagnostics;
using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Ton;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Settlement.Tests.Host;
using CocoonPool.Settlement.Tests.Judges;
using CocoonPool.TestKit;
using CocoonPool.TestKit.Processes;
using CocoonPool.TestKit.Ton;
using Npgsql;

namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>
/// One pool with its chain, gateway, silo and database, on which schedules run one after the other, each on an epoch of its own. What one
/// of them leaves behind (a message that is still held back, say) meets the next one, as it would in life.
/// </summary>
public sealed class Lane : IAsyncDisposable
{
    public const int Participants = 1_000;

    private readonly PoolData _data;
    private readonly LocalTon _ton;
    private readonly Wire _wire;
    private readonly KeptService _silo;
    private readonly ChainJudge _chain;
    private readonly string _folder;
    private readonly StreamWriter _log;
    private readonly Dictionary<string, long> _everybody = new(StringComparer.Ordinal);
    private ChainFaults? _faults;
    private bool _failed;

    private Lane(PoolData data, LocalTon ton, Wire wire, KeptService silo, string folder, StreamWriter log)
    {
        (_data, _ton, _wire, _silo, _folder, _log) = (data, ton, wire, silo, folder, log);
        _chain = new ChainJudge(ton);
        // A chain that was killed has forgotten its faults; they go on as they were.
        _ton.Chain.OnRestarted = () => _faults is { } faults ? Set(faults with { Seed = faults.Seed + _ton.Chain.Restarts }) : Task.CompletedTask;
    }

    public static async Task<Lane> Start(DeliberateBug bug = DeliberateBug.None)
    {
        var folder = Directory.CreateTempSubdirectory("cocoon-settlement-").FullName;
        var log = new StreamWriter(Path.Combine(folder, "log")) { AutoFlush = true };
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("settlement");
        var database = NpgsqlDataSource.Create(connection);
        await new Migrator(database).Up();
        var ton = await LocalTon.Start(Checkout.Find().Contracts, folder, log, blockMilliseconds: 25);
        var wire = await Wire.Start(ton.Gateway.Url);
        var options = new SiloOptions(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 10 }.ConnectionString, wire.Url, LocalTon.Token, ton.Distribution, ton.OperatorWallet, bug);
        var silo = new KeptService("silo", _ => GuardedProcess.Start(
            "silo", ["dotnet", typeof(Lane).Assembly.Location, SettlementSilo.Command], options.ToEnvironment(), log));
        await silo.Start();
        var data = new PoolData(database);
        await data.Join(Participants);
        await ton.Faucet(ton.OperatorWallet, Nanotons.FromTon(1_000).Value);
        return new Lane(data, ton, wire, silo, folder, log);
    }

    /// <summary>Settles one epoch under the schedule and judges it.</summary>
    /// <param name="patience">How long the settlement may take by itself; after that a person would have to look, and that is a failure.</param>
    public async Task<ScheduleResult> Run(FaultSchedule schedule, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        var revenue = new Nanotons(new Random(schedule.Seed).NextInt64(200_000_000_000, 2_000_000_000_000));
        var epoch = (await _data.Open()).Number;
        await _data.Fill(epoch, schedule.Seed, Participants, revenue);
        await _ton.Faucet(_ton.Distribution, revenue.Value);

        var armed = new ArmedSchedule(schedule, _ton, _silo, _data, revenue);
        await Set(_faults = schedule.Chain);
        _wire.Listen(armed);
        await _data.End(epoch);
        var settled = await Settled(epoch, start, patience);
        _wire.Listen(null);
        var objections = new List<string>(armed.Objections);
        if (settled)
            objections.AddRange(await Judge(epoch, revenue, armed));
        else
            objections.Add($"not settled within {patience.TotalSeconds:0} s: somebody would have to look");
        _faults = null;
        if (_failed = objections.Count > 0)
            objections.Add($"the programs' log is {_folder}/log");
        return new(schedule, epoch, armed.Struck, objections, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>When all schedules are over: every payment that there ever was, against every share, and the whole ledger.</summary>
    public async Task<IReadOnlyList<string>> Close() => [.. await _chain.AllObjections(_everybody), .. await LedgerJudge.Replay(_data)];

    /// <summary>The failure was expected: nothing is kept of it.</summary>
    public void Forget() => _failed = false;

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _wire.DisposeAsync();
        await _ton.DisposeAsync();
        _chain.Dispose();
        await _data.DisposeAsync();
        await _log.DisposeAsync();
        // Of a failure everything stays: what each program said, the chain itself.
        if (!_failed)
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<string>> Judge(EpochNumber epoch, Nanotons revenue, ArmedSchedule armed)
    {
        await armed.Over;
        await _ton.Chain.Ready();
        await armed.CountChainFaults();
        _faults = null;
        await _ton.Dev("faults", new { });
        var shares = (await _data.Epochs.Payables(SiloOptions.PoolId, epoch)).ToDictionary(p => p.PayoutAddress.ToString(), p => p.Amount.Value, StringComparer.Ordinal);
        foreach (var (wallet, share) in shares)
            _everybody.Add(wallet, share);
        var objections = new List<string>();
        if (shares.Count != Participants)
            objections.Add($"{shares.Count} participants have a share, not {Participants}");
        objections.AddRange(await _chain.Objections(shares));
        objections.AddRange(await LedgerJudge.Objections(_data, epoch, revenue));
        using var http = _ton.Client();
        objections.AddRange(await LedgerJudge.Reconciled(_data, epoch, new ChainGatewayClient(http)));
        return objections;
    }

    private async Task<bool> Settled(EpochNumber epoch, long start, TimeSpan patience)
    {
        while (await _data.Phase(epoch) != EpochState.Settled)
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return true;
    }

    private async Task Set(ChainFaults faults)
    {
        try
        {
            await _ton.Dev("faults", new { drop = faults.Drop, delay_blocks = faults.DelayBlocks, duplicate = faults.Duplicate, expire = faults.Expire, seed = faults.Seed });
        }
        catch (HttpRequestException)
        {
            // Killed again meanwhile: the next start sets them.
        }
    }
}

/// <summary>How a schedule went.</summary>
/// <param name="Objections">What the judges found, in words; empty when every participant has exactly their share.</param>
public sealed record ScheduleResult(FaultSchedule Schedule, EpochNumber Epoch, Struck Struck, IReadOnlyList<string> Objections, TimeSpan Took)
{
    public override string ToString() =>
        $"seed {Schedule.Seed}: {(Objections.Count == 0 ? "everybody has exactly their share" : string.Join("; ", Objections.Take(5)))} in {Took.TotalSeconds:0.0} s. Struck: {Struck}. Planned: {Schedule}";
}
