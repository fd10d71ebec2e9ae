using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;
using CocoonPool.Domain.Routing;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Metering;
using CocoonPool.Silo.Routing;
using CocoonPool.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CocoonPool.Agent.Tests.Gateway;

/// <summary>
/// Requests that race for one client's block, step by step: a gate in the books decides what happens while a change is on its way.
/// A request costs as many nanoTON at most as it asks for tokens.
/// </summary>
public sealed class ClientMeterTests
{
    private static readonly KeyHolder Holder = new("key_1", "client", "acme");

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Begin_WhenOthersTakeWhatIsFreeMeanwhile_AsksAgain_AndNeverSays402()
    {
        var books = new GatedBooks(new(1_000));
        using var meter = Meter(books);
        // Ten are reserved, and five of them are held.
        var opening = Begin(meter, 10);
        (await books.Next()).Gate.SetResult();
        (await opening.Soon()).Void();
        await Begin(meter, 5).Soon();

        var late = Begin(meter, 8);
        var covered = 5;
        foreach (var other in (int[])[4, 3, 4])
        {
            // While the block that would cover the late one is on its way, another request comes and finds room in what is there.
            var (change, gate) = await books.Next();
            change.Needed.ShouldBe(new Nanotons(covered + 8));
            late.IsCompleted.ShouldBeFalse();
            await Begin(meter, other).Soon();
            covered += other;
            gate.SetResult();
        }
        (await books.Next()).Gate.SetResult();

        await late.Soon();
        books.Asked.ShouldBe(5);
    }

    [Fact]
    public async Task Begin_BeyondTheBalance_Is402_AndTheBooksAreNotAskedAgainForASecond()
    {
        var books = new GatedBooks(new(10));
        using var meter = Meter(books);

        var refused = Begin(meter, 11);
        (await books.Next()).Gate.SetResult();
        (await Should.ThrowAsync<ApiException>(refused.Soon())).Status.ShouldBe(402);
        (await Should.ThrowAsync<ApiException>(Begin(meter, 12).Soon())).Status.ShouldBe(402);
        books.Asked.ShouldBe(1);
        await Begin(meter, 10).Soon();

        _time.Advance(TimeSpan.FromSeconds(2));
        var later = Begin(meter, 11);
        (await books.Next()).Gate.SetResult();

        (await Should.ThrowAsync<ApiException>(later.Soon())).Status.ShouldBe(402);
    }

    [Fact]
    public async Task Hold_EndedTwice_IsGivenBackOnce_AndItsRoomIsFoundWithoutTheBooks()
    {
        var books = new GatedBooks(new(10));
        using var meter = Meter(books);
        var first = Begin(meter, 10);
        (await books.Next()).Gate.SetResult();
        var held = await first.Soon();

        held.Void();
        held.Void();

        await Begin(meter, 10).Soon();
        books.Asked.ShouldBe(1);
    }

    private static Task<MeteredRequest> Begin(ClientMeter meter, int tokens)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":{{tokens}},"messages":[{"role":"user","content":"Hi"}]}""");
        var terms = new ModelTerms(new PowerOfTwoChoices(), 0, false, 0, new TokenPrice(Nanotons.Zero, Nanotons.Zero, new(1_000_000)));
        var offer = new RouteOffer(new(new("worker-1"), ["m"], [4096], [8], 100, "", 1000), 4096, 8, new ModelSlots(), new WorkerStanding(TimeProvider.System));
        return meter.Begin(Holder, InferenceRequest.Of("chat/completions", body, new Microsoft.AspNetCore.Http.HeaderDictionary()), terms, [offer], CancellationToken.None).AsTask();
    }

    private ClientMeter Meter(GatedBooks books) => new(
        books, null!, new PoolSettings { Id = "test-pool" }, Options.Create(new MeteringOptions { BlockNano = 1 }), _time, NullLogger<ClientMeter>.Instance);
}
