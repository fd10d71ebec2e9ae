using CocoonPool.Bench.Harness;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Bench.Tests;

public class ContendersTests
{
    [Fact]
    public async Task Run_TakesTurns_TurnsTheOrderAround_AndDoesNotCountTheFirstRound()
    {
        await using var context = new BenchContext(Checkout.Find(), quick: true, _ => { }, CancellationToken.None);
        var order = "";
        var found = await new Contenders()
            .Add("a", () => Next("a"))
            .Add("b", () => Next("b"))
            .Run(context);

        order.ShouldBe("ab" + "ba" + "ab");
        found["a"].Rounds.ShouldBe([4, 5]);
        found["b"].Rounds.ShouldBe([3, 6]);

        Task<double> Next(string who)
        {
            order += who;
            return Task.FromResult((double)order.Length);
        }
    }
}
