using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Metering;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Metering;

public sealed class ClientBooksTests : IAsyncLifetime
{
    private const string Client = "acme";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly UsageLine Line = new("key_1", "model", 3, 1, 100, 10, 20, new(40));

    private PoolHost _host = null!;

    private IClientBooks Books => _host.Get<IClientBooks>();

    private ILedgerStore Ledger => _host.Get<ILedgerStore>();

    public async ValueTask InitializeAsync()
    {
        _host = await PoolHost.Start();
        await Ledger.Append(PoolHost.PoolId,
            [new("deposit", AccountName.Distribution, AccountName.Client(Client), new(1_000), TransferKind.ClientDeposit, "deposit", _host.Time.GetUtcNow())]);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Change_BooksTheCharge_ReplacesTheBlock_AndAddsTheUsage()
    {
        var first = Open(needed: 0);
        (await Change(first)).Block.ShouldBe(new Nanotons(300));
        (await Figures()).ShouldBe(new AccountFigures(new(1_000), new(300)));

        (await Change(Next(first, charged: 40) with { Usage = [Line] })).Block.ShouldBe(new Nanotons(300));

        (await Figures()).ShouldBe(new AccountFigures(new(960), new(300)));
        (await Ledger.Account(PoolHost.PoolId, AccountName.Revenue(new(1)))).Balance.ShouldBe(new Nanotons(40));
        var usage = (await Books.Usage(PoolHost.PoolId, Client, 0, 10)).Single();
        (usage.Requests, usage.Failed, usage.PromptTokens, usage.ChargedNano).ShouldBe((3, 1, 100, 40));
        await AssertBooks();
    }

    [Fact]
    public async Task Change_AskedForAgainAfterItsAnswerWasLost_ChangesNothingAndAnswersTheSame()
    {
        var first = Open(needed: 0);
        await Change(first);
        var second = Next(first, charged: 40) with { Usage = [Line] };
        var answer = await Change(second);

        (await Change(second)).Block.ShouldBe(answer.Block);

        (await Figures()).Balance.ShouldBe(new Nanotons(960));
        (await Books.Usage(PoolHost.PoolId, null, 0, 10)).Single().Requests.ShouldBe(3);
    }

    [Fact]
    public async Task Block_IsNeverMoreThanTheClientHas_AndTwoSilosShareIt()
    {
        (await Change(Open(needed: 900))).Block.ShouldBe(new Nanotons(900));
        (await Change(Open(needed: 500))).Block.ShouldBe(new Nanotons(100), "the other silo has the rest");
        (await Change(Open(needed: 1))).Block.ShouldBe(Nanotons.Zero);
        (await Change(new(Guid.CreateVersion7(), "nobody", null, default, default, new(1), new(300), []))).Block.ShouldBe(Nanotons.Zero);
    }

    [Fact]
    public async Task Block_OfALostSilo_GoesBackAfterItsLease_AndOneThatIsRenewedDoesNot()
    {
        var (lost, alive) = (Open(needed: 0), Open(needed: 0));
        await Change(lost);
        await Change(alive);
        _host.Time.Advance(Lease / 2);
        await Books.Renew(PoolHost.PoolId, [alive.Id], _host.Time.GetUtcNow() + Lease);
        _host.Time.Advance(Lease * 3 / 4);

        (await Books.ExpireLost(PoolHost.PoolId, _host.Time.GetUtcNow())).ShouldBe(1);
        (await Books.ExpireLost(PoolHost.PoolId, _host.Time.GetUtcNow())).ShouldBe(0);

        (await Figures()).ShouldBe(new AccountFigures(new(1_000), new(300)));
        await AssertBooks();
    }

    [Fact]
    public async Task Charge_OfASiloThatOutlivedItsLease_IsBookedAsFarAsTheBalanceCovers()
    {
        var first = Open(needed: 0);
        await Change(first);
        _host.Time.Advance(Lease * 2);
        await Books.ExpireLost(PoolHost.PoolId, _host.Time.GetUtcNow());
        await Change(Open(needed: 950));

        var answer = await Change(Next(first, charged: 80));

        answer.WrittenOff.ShouldBe(new Nanotons(30));
        (await Figures()).ShouldBe(new AccountFigures(new(950), new(950)));
        await AssertBooks();
    }

    [Fact]
    public async Task Close_GivesTheWholeBlockBack()
    {
        var first = Open(needed: 0);
        await Change(first);

        (await Change(Next(first, charged: 10) with { Target = Nanotons.Zero })).Block.ShouldBe(Nanotons.Zero);

        (await Figures()).ShouldBe(new AccountFigures(new(990), Nanotons.Zero));
    }

    private static BlockChange Open(long needed) => new(Guid.CreateVersion7(), Client, null, default, default, new(needed), new(300), []);

    private static BlockChange Next(BlockChange before, long charged) =>
        new(Guid.CreateVersion7(), Client, before.Id, new(charged), new(300 - charged), default, new(300), []);

    private async Task<ChangedBlock> Change(BlockChange change) =>
        (await Books.Change(PoolHost.PoolId, [change], _host.Time.GetUtcNow(), _host.Time.GetUtcNow() + Lease)).Single();

    private Task<AccountFigures> Figures() => Ledger.Account(PoolHost.PoolId, AccountName.Client(Client));

    private async Task AssertBooks() => (await _host.Get<ILedgerStore>().Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
}
