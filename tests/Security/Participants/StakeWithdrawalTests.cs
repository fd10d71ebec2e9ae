using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Participants;

/// <summary>Stake asked back over HTTP: once, by its owner, never below the tier, and never let go by what somebody says: the wallet asks on chain.</summary>
public sealed class StakeWithdrawalTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Withdrawal_IsOneHoweverOftenItIsAsked_AndMovesNothingThatTheWalletDidNotAskForOnChain()
    {
        var member = await Staked.Join(pool, 250);
        var (status, asked) = await member.Http.Post($"{member.Path}/stake/withdrawals", new { amount_nano = "50000000000" });
        (status, asked.Text("state")).ShouldBe((201, "waiting"));
        (asked.GetProperty("due_at").GetDateTimeOffset() - asked.GetProperty("requested_at").GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(7));
        var withdrawal = $"{member.Path}/stake/withdrawals/{asked.Text("id")}";
        (await member.Http.Post($"{member.Path}/stake/withdrawals", new { amount_nano = "50000000000" })).Body.Text("id").ShouldBe(asked.Text("id"));
        (await member.Http.Post($"{member.Path}/stake/withdrawals", new { amount_nano = "60000000000" })).Body.Code().ShouldBe("withdrawal_already_waiting");
        (await member.Http.Get(member.Path)).Body.Text("stake_leaving_nano").ShouldBe("50000000000");
        var (early, refused) = await member.Http.Post($"{withdrawal}/complete");
        (early, refused.Code()).ShouldBe((409, "withdrawal_not_on_chain"));

        pool.Time.Advance(TimeSpan.FromDays(7));
        member = await member.SignedInAgain(pool);
        (await member.Http.Post($"{withdrawal}/complete")).Body.Code().ShouldBe("withdrawal_not_on_chain", "however long one waits");
        (await member.Http.Get(member.Path)).Body.Text("stake_nano").ShouldBe("250000000000");
    }

    [Fact]
    public async Task Withdrawal_ThatWasCancelled_CannotBeCompleted_AndCancellingAgainIsNoMistake()
    {
        var member = await Staked.Join(pool, 250);
        var withdrawal = $"{member.Path}/stake/withdrawals/{(await member.Http.Post($"{member.Path}/stake/withdrawals", new { })).Body.Text("id")}";
        (await member.Http.Get(member.Path)).Body.Text("state").ShouldBe("withdrawing");

        for (var i = 0; i < 2; i++)
            (await member.Http.Send(HttpMethod.Delete, withdrawal)).Body.Text("state").ShouldBe("cancelled");

        (await member.Http.Get(member.Path)).Body.Text("state").ShouldBe("active");
        pool.Time.Advance(TimeSpan.FromDays(7));
        member = await member.SignedInAgain(pool);
        (await member.Http.Post($"{withdrawal}/complete")).Body.Code().ShouldBe("withdrawal_cancelled");
        (await member.Http.Get(member.Path)).Body.Text("stake_nano").ShouldBe("250000000000");
    }

    [Theory]
    [InlineData("150000000001", "stake_below_tier")]
    [InlineData("250000000001", "stake_insufficient")]
    [InlineData("0", "invalid_request")]
    public async Task Amount_ThatMayNotLeave_IsRefusedByName(string amount, string code)
    {
        var member = await Staked.Join(pool, 250);
        (await member.Http.Post($"{member.Path}/stake/withdrawals", new { amount_nano = amount })).Body.Code().ShouldBe(code);
        (await member.Http.Get($"{member.Path}/stake/withdrawals")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Stranger_CannotAskCancelOrComplete()
    {
        var (member, stranger) = (await Staked.Join(pool, 250), await Staked.Join(pool, 250));
        var withdrawals = $"{member.Path}/stake/withdrawals";
        var id = (await member.Http.Post(withdrawals, new { amount_nano = "50000000000" })).Body.Text("id");

        (await stranger.Http.Post(withdrawals, new { amount_nano = "1" })).Status.ShouldBe(403);
        (await stranger.Http.Send(HttpMethod.Delete, $"{withdrawals}/{id}")).Status.ShouldBe(403);
        (await stranger.Http.Post($"{withdrawals}/{id}/complete")).Status.ShouldBe(403);
        (await stranger.Http.Get(withdrawals)).Status.ShouldBe(403);
    }
}
