using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;

namespace CocoonPool.Domain.Tests.Metering;

public class MeteringTests
{
    private static readonly TokenPrice Price = new(new(2_000_000), new(200_000), new(16_000_000));

    [Fact]
    public void Price_AddsTheClassesExactly_TimesTheCoefficient()
    {
        // (800 × 2 + 200 × 0.2 + 100 × 16) nanoTON × 1.5
        Price.Of(new(1_000, 200, 100, 0), 1_500).ShouldBe(new Nanotons(4_860));
    }

    [Fact]
    public void Price_IsRoundedUpOnce() => new TokenPrice(new(1), new(1), new(1)).Of(new(1, 0, 1, 0), 1_000).ShouldBe(new Nanotons(1));

    [Fact]
    public void WorstCase_CoversEveryAnswerWithinIt()
    {
        var random = new Random(8);
        for (var i = 0; i < 10_000; i++)
        {
            var price = new TokenPrice(new(random.Next(0, 1_000_000)), new(random.Next(0, 1_000_000)), new(random.Next(0, 1_000_000)));
            var (prompt, completion, coefficient) = (random.Next(0, 10_000), random.Next(0, 10_000), random.Next(1, 5_000));
            var most = price.AtMost(prompt, completion, coefficient);
            var used = random.Next(0, prompt + 1);
            price.Of(new(used, random.Next(0, used + 1), random.Next(0, completion + 1), 0), random.Next(1, coefficient + 1)).ShouldBeLessThanOrEqualTo(most);
        }
    }

    /// <summary>The law: as long as no block is lost, what is held and owed is covered by the block at every moment, and no nanoTON is charged beyond a hold.</summary>
    [Fact]
    public void Allowance_IsCoveredAtEveryMoment()
    {
        var random = new Random(9);
        for (var run = 0; run < 300; run++)
        {
            var allowance = new ClientAllowance();
            var balance = new Nanotons(random.Next(0, 2_000));
            var spent = Nanotons.Zero;
            var holds = new List<Nanotons>();
            for (var step = 0; step < 200; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        var worst = new Nanotons(random.Next(0, 200));
                        if (allowance.TryHold(worst))
                            holds.Add(worst);
                        break;
                    case 1 when holds.Count > 0:
                        var hold = holds[random.Next(holds.Count)];
                        holds.Remove(hold);
                        allowance.Settle(hold, new(random.Next(0, 300))).ShouldBeLessThanOrEqualTo(hold);
                        break;
                    case 2:
                        var booked = allowance.Charged;
                        var available = balance - spent - booked;
                        var block = ClientAllowance.BlockSize(allowance.Block - booked, allowance.Held + new Nanotons(random.Next(0, 200)), new(random.Next(1, 400)), available);
                        allowance.Replace(booked, block);
                        spent += booked;
                        break;
                }
                allowance.Free.IsNegative.ShouldBeFalse();
                (spent + allowance.Block).ShouldBeLessThanOrEqualTo(balance, "the books cover the block");
            }
            foreach (var hold in holds)
                allowance.Settle(hold, Nanotons.Zero);
            allowance.Held.ShouldBe(Nanotons.Zero, "nothing stays reserved");
        }
    }

    [Fact]
    public void Hold_BeyondTheBlock_IsRefusedAndLeavesNothing()
    {
        var allowance = new ClientAllowance();
        allowance.Replace(Nanotons.Zero, new(100));

        allowance.TryHold(new(101)).ShouldBeFalse();

        allowance.Held.ShouldBe(Nanotons.Zero);
        allowance.TryHold(new(100)).ShouldBeTrue();
    }

    [Fact]
    public void Charge_IsOwedUntilItIsBooked_AndNoMoreThanWasHeld()
    {
        var allowance = new ClientAllowance();
        allowance.IsIdle.ShouldBeTrue();
        allowance.Replace(Nanotons.Zero, new(100));
        allowance.TryHold(new(60)).ShouldBeTrue();
        allowance.IsIdle.ShouldBeFalse("a request runs");

        allowance.Settle(new(60), new(70)).ShouldBe(new Nanotons(60));

        (allowance.Held, allowance.Charged, allowance.Free).ShouldBe((Nanotons.Zero, new Nanotons(60), new Nanotons(40)));
        allowance.IsIdle.ShouldBeFalse("something is owed");
        allowance.Replace(new(60), new(40));
        (allowance.Charged, allowance.Free, allowance.IsIdle).ShouldBe((Nanotons.Zero, new Nanotons(40), true));
    }

    [Fact]
    public void Figures_ThatCannotBe_AreBugs()
    {
        var allowance = new ClientAllowance();
        allowance.Replace(Nanotons.Zero, new(100));
        allowance.TryHold(new(50)).ShouldBeTrue();

        Should.Throw<ArgumentOutOfRangeException>(() => allowance.Settle(new(51), Nanotons.Zero), "more than is held");
        Should.Throw<ArgumentOutOfRangeException>(() => allowance.Settle(new(50), new(-1)), "a negative charge");
        Should.Throw<ArgumentOutOfRangeException>(() => allowance.Replace(new(1), new(100)), "more than is owed");
        Should.Throw<ArgumentOutOfRangeException>(() => allowance.Replace(Nanotons.Zero, new(-1)), "a negative block");
        (allowance.Block, allowance.Held, allowance.Charged).ShouldBe((new Nanotons(100), new Nanotons(50), Nanotons.Zero), "and nothing has changed");
    }

    [Theory]
    [InlineData(0, 0, 50, 100, 50, "the target")]
    [InlineData(80, 10, 50, 100, 80, "what the old block still covers")]
    [InlineData(10, 80, 50, 100, 80, "what has to be covered")]
    [InlineData(10, 80, 50, 60, 60, "never more than the client has")]
    [InlineData(10, 80, 50, -5, 0, "and never less than nothing")]
    public void Block_IsTheTargetOrWhatItMustCover(long covered, long needed, long target, long available, long size, string why) =>
        ClientAllowance.BlockSize(new(covered), new(needed), new(target), new(available)).ShouldBe(new Nanotons(size), why);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(5, 0, 2)]
    [InlineData(4_000, 3, 1_768)]
    public void Prompt_HasATokenForFourBytesAndManyForAnImage(long bytes, int images, long tokens) => PromptEstimate.Tokens(bytes, images).ShouldBe(tokens);

    [Fact]
    public void Model_IsFreeOnlyWithoutAnyPrice()
    {
        TokenPrice.Free.IsFree.ShouldBeTrue();
        new TokenPrice(new(1), Nanotons.Zero, Nanotons.Zero).IsFree.ShouldBeFalse();
        new TokenPrice(Nanotons.Zero, new(1), Nanotons.Zero).IsFree.ShouldBeFalse();
        new TokenPrice(Nanotons.Zero, Nanotons.Zero, new(1)).IsFree.ShouldBeFalse();
    }

    [Fact]
    public void Charge_BeyondSixtyFourBits_IsRefusedAndNotWrappedAround() =>
        Should.Throw<OverflowException>(() => new TokenPrice(new(long.MaxValue), Nanotons.Zero, Nanotons.Zero).Of(new(1_000_000_000, 0, 0, 0), 1_000));
}
