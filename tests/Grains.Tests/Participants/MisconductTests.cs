using CocoonPool.Domain.Attestation;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;
using Npgsql;

namespace CocoonPool.Grains.Tests.Participants;

/// <summary>Receipts that convict their worker lead to a slash without anybody's doing, once.</summary>
public sealed class MisconductTests : MemberTests
{
    [Fact]
    public async Task SecondReceiptForATask_OpensASlash_WithBothReceiptsAsEvidence()
    {
        await Contradict("task-1");
        await Host.Pool.InspectMisconduct();

        var slash = (await Slashes()).ShouldHaveSingleItem();
        (slash.Offence, slash.RateBps, slash.Amount, slash.State).ShouldBe((SlashOffence.ForgedReceipt, 2500, Nanotons.FromTon(25), SlashState.Open));
        slash.Evidence.ShouldContain("task-1");
        var (report, outcome) = (await Reports()).ShouldHaveSingleItem();
        outcome.ShouldBe($"slash/{slash.Id}");
        report.Exhibit.ShouldContain("batch_signature");
        (await Host.Get<IContributionStore>().Proven(PoolHost.PoolId, new("task-1"))).ShouldHaveSingleItem().Recorded.Worker.ShouldBe(Someone.WorkerId);
    }

    [Fact]
    public async Task ManyOfThem_AreOneCaseWhileItIsPending()
    {
        for (var i = 0; i < 3; i++)
            await Contradict($"task-{i}");
        await Host.Pool.InspectMisconduct();
        await Contradict("task-later");
        await Host.Pool.InspectMisconduct();

        var slash = (await Slashes()).ShouldHaveSingleItem();
        (await Reports()).ShouldAllBe(one => one.Outcome == $"slash/{slash.Id}");
        (await Someone.Participant.Describe())!.StakeHeld.ShouldBe(Nanotons.FromTon(25));
    }

    [Fact]
    public async Task ClaimFarBeyondWhatTheGatewayHandedOn_OpensASlash_AndOneThatIsCountedOtherwiseDoesNot()
    {
        var (honest, ticket) = await Someone.Serve("task-honest");
        await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(honest, 40), ticket)));
        (await Reports()).ShouldBeEmpty();

        var (forged, other) = await Someone.Serve("task-forged");
        (await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(forged, 900), other)))).Acknowledged.ShouldBe(["task-forged"]);
        await Host.Pool.InspectMisconduct();

        (await Slashes()).ShouldHaveSingleItem().Evidence.ShouldContain("claims 900 completion tokens");
    }

    [Fact]
    public async Task ForgedAttestation_ShutsTheWorkerOut_AndOpensASlash_Once()
    {
        var forged = new AttestationRejection(AttestationFault.BadSignature, "The chain ends at a key of nobody's.", "AAECAw==");

        var shutOut = (await Someone.Worker.RejectAttestation(forged)).Value!;
        (await Someone.Worker.RejectAttestation(forged)).Value!.State.ShouldBe(WorkerState.Quarantined, "a repeat changes nothing");
        await Host.Pool.InspectMisconduct();

        (shutOut.State, shutOut.AttestationVerdict).ShouldBe((WorkerState.Quarantined, "rejected"));
        var slash = (await Slashes()).ShouldHaveSingleItem();
        (slash.Offence, slash.RateBps, slash.Amount, slash.State).ShouldBe((SlashOffence.InvalidAttestation, 1000, Nanotons.FromTon(10), SlashState.Open));
        slash.Evidence.ShouldContain("a key of nobody's");
        (await Reports()).ShouldHaveSingleItem().Report.Exhibit.ShouldContain("AAECAw==");
    }

    [Fact]
    public async Task LostAttestation_ShutsTheWorkerOut_AndAccusesNobody()
    {
        (await Someone.Worker.RejectAttestation(new(AttestationFault.Lost, "Not renewed for 24 hours.", "none"))).Value!.StateCause.ShouldBe("its attestation was not renewed");
        await Host.Pool.InspectMisconduct();

        (await Slashes()).ShouldBeEmpty();
        (await Reports()).ShouldBeEmpty();
        (await Someone.Worker.Activate()).Refusal.ShouldBe("illegal_transition");
    }

    [Fact]
    public async Task ForgedAttestation_ThatCouldNotBeReported_LeavesTheWorkerForTheRepeat()
    {
        var forged = new AttestationRejection(AttestationFault.OtherKey, "The key is another worker's.", "AAECAw==");
        await Execute("create function dead() returns trigger language plpgsql as $$ begin raise exception 'the process is dead'; end $$; create trigger dead before insert on misconduct_reports for each row execute function dead()");
        await Should.ThrowAsync<Exception>(() => Someone.Worker.RejectAttestation(forged));
        (await Someone.Worker.Describe())!.State.ShouldBe(WorkerState.Active);
        await Execute("drop trigger dead on misconduct_reports");

        (await Someone.Worker.RejectAttestation(forged)).Value!.State.ShouldBe(WorkerState.Quarantined);
        await Host.Pool.InspectMisconduct();

        (await Slashes()).ShouldHaveSingleItem().Offence.ShouldBe(SlashOffence.InvalidAttestation);
    }

    [Fact]
    public async Task CrashBetweenTheSlashAndItsNote_OpensNoSecondOne()
    {
        await Contradict("task-1");
        await Execute("create function dead() returns trigger language plpgsql as $$ begin raise exception 'the process is dead'; end $$; create trigger dead before update on misconduct_reports for each row execute function dead()");
        await Should.ThrowAsync<Exception>(() => Host.Pool.InspectMisconduct());
        await Execute("drop trigger dead on misconduct_reports");
        await Host.Restart();

        await Host.Pool.InspectMisconduct();

        var slash = (await Slashes()).ShouldHaveSingleItem();
        (await Reports()).ShouldHaveSingleItem().Outcome.ShouldBe($"slash/{slash.Id}");
    }

    [Fact]
    public async Task Refusal_IsAnsweredOnlyOnceTheEvidenceIsDurable()
    {
        var (task, ticket) = await Someone.Serve("task-1");
        await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10), ticket)));
        await Execute("alter table misconduct_reports rename to away");
        await Should.ThrowAsync<Exception>(() => Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 9), ticket))));
        await Execute("alter table away rename to misconduct_reports");

        (await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 9), ticket)))).Refused.ShouldHaveSingleItem();

        (await Reports()).ShouldHaveSingleItem();
    }

    private async Task Contradict(string name)
    {
        var (task, ticket) = await Someone.Serve(name);
        (await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 10), ticket)))).Acknowledged.ShouldBe([name]);
        (await Someone.Worker.SubmitReceipts(Someone.Sign((Someone.Receipt(task, 9), ticket)))).Refused.ShouldHaveSingleItem().Code.ShouldBe("receipt_conflict");
    }

    private Task<IReadOnlyList<Slash>> Slashes() => Host.Get<ISlashStore>().List(PoolHost.PoolId, Someone.Address);

    private Task<IReadOnlyList<(MisconductReport Report, string? Outcome)>> Reports() => Host.Get<IMisconductReports>().List(PoolHost.PoolId, Someone.Address, 100);

    private async Task Execute(string sql)
    {
        await using var command = Host.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
