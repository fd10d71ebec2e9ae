using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;
using Npgsql;

namespace CocoonPool.Grains.Tests.Epochs;

/// <summary>A process that died between a grain's state and its row in the directory: the closing pays by the grain's word.</summary>
public sealed class TruthTests : IAsyncLifetime
{
    private static readonly TonAddress Elsewhere = new(0, Enumerable.Repeat((byte)0xee, 32).ToArray());

    private PoolHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Close_WhenThePayoutAddressNeverReachedTheDirectory_GoesByTheNewOne()
    {
        using var member = await Earner();
        await Unwritable("participants");
        await Should.ThrowAsync<Exception>(() => member.Participant.ChangeSettings(new(null, null, Elsewhere)));
        await Writable("participants");
        (await Row(member)).NextPayoutAddress.ShouldBeNull("the crash left the row behind");
        await _host.Restart();

        _host.Time.Advance(PayoutDestination.Delay + TimeSpan.FromSeconds(1));
        await Close();

        var bundle = System.Text.Encoding.UTF8.GetString((await _host.Get<IEpochStore>().Bundle(PoolHost.PoolId, new(1)))!.Json);
        bundle.ShouldContain($"\"payout_address\":\"{Elsewhere}\"");
        (await _host.Get<IParticipantDirectory>().Behind(PoolHost.PoolId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Close_WhenASuspensionNeverReachedTheDirectory_GivesNoShare()
    {
        using var member = await Earner();
        await Unwritable("participants");
        await Should.ThrowAsync<Exception>(() => member.Participant.Suspend("investigation"));
        await Writable("participants");
        await _host.Restart();

        await Close();

        (await _host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Close_WhenTheGrainIsStillThere_AsksItToo()
    {
        using var member = await Earner();
        await Unwritable("participants");
        await Should.ThrowAsync<Exception>(() => member.Participant.ChangeSettings(new(null, PayoutSchedule.Claim)));
        await Writable("participants");

        await Close();

        (await _host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(1))).ShouldHaveSingleItem().ToClaim.ShouldBeTrue("its own word is that it claims");
    }

    [Fact]
    public async Task Close_WhenADeactivationNeverReachedTheDirectory_ExpectsNoUptimeAfterIt()
    {
        using var member = await Earner();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await member.Worker.Drain("leaving");
        await Unwritable("workers");
        await Should.ThrowAsync<Exception>(() => member.Worker.Deactivate("gone"));
        await Writable("workers");
        var deactivated = _host.Time.GetUtcNow();
        await _host.Restart();
        _host.Time.Advance(TimeSpan.FromDays(1));

        await Close();

        (await _host.Get<IWorkerDirectory>().Active(PoolHost.PoolId)).Single().ActiveUntil.ShouldBe(deactivated);
        (await _host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(1))).ShouldHaveSingleItem("a day of no worker is no day of downtime");
    }

    [Fact]
    public async Task Suspension_IsNotLeftBehindByAskingForTheStake()
    {
        using var member = await Earner();
        await member.Participant.Suspend("investigation");
        await member.Worker.Drain("suspended");
        await member.Worker.Deactivate("gone");
        (await member.Participant.RequestWithdrawal(null)).Message.ShouldBe("done");

        await Close();

        (await _host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(1))).ShouldBeEmpty();
        await member.Participant.CancelWithdrawal("w1");
        (await member.Participant.Describe())!.State.ShouldBe(ParticipantState.Suspended);
    }

    [Fact]
    public async Task Row_OfAnActivationThatIsOver_IsNotWrittenOverItsSuccessors()
    {
        using var member = await Earner();
        var directory = _host.Get<IParticipantDirectory>();
        var old = await Row(member);
        await member.Participant.ChangeSettings(new(Nanotons.FromTon(7)));

        await directory.Save(PoolHost.PoolId, old, revision: 1);

        (await Row(member)).MinPayout.ShouldBe(Nanotons.FromTon(7));
    }

    private async Task<Member> Earner()
    {
        var member = await Member.Join(_host, 1);
        await member.Contribute("task-a", 10);
        await member.StayOnline(2);
        _host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(10), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
        return member;
    }

    private async Task Close() => (await _host.Pool.FinalizeEpoch(new(true, false))).Message.ShouldBe("done");

    private async Task<ParticipantDescription> Row(Member member) => (await _host.Get<IParticipantDirectory>().Find(PoolHost.PoolId, member.Address))!;

    /// <summary>From now on the table refuses every write, as if the process died before each of them.</summary>
    private Task Unwritable(string table) => Execute(
        $"create function refuse_{table}() returns trigger language plpgsql as $$ begin raise exception 'the process is dead'; end $$; create trigger dead before insert or update on {table} for each row execute function refuse_{table}()");

    private Task Writable(string table) => Execute($"drop trigger dead on {table}");

    private async Task Execute(string sql)
    {
        await using var command = _host.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
