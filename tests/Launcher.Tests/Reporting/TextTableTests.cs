using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.Launcher.Tests.Reporting;

public class TextTableTests
{
    [Fact]
    public void Columns_AreAsWideAsTheirWidestCell_NumbersToTheRight()
    {
        var table = new TextTable(new TextColumn("name"), new("paid", IsNumber: true), new("note"));
        table.Add("alice", "1.5", "");
        table.Add("b", "10.25", "late");
        table.ToString().ShouldBe(
            """
            name    paid  note
            -----  -----  ----
            alice    1.5
            b      10.25  late

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void TableWithoutRows_HasItsTitles() => new TextTable(new TextColumn("a"), new("bc")).ToString().ShouldBe("a  bc\n-  --\n");

    [Fact]
    public void RowOfAnotherLength_IsABug() => Should.Throw<ArgumentException>(() => new TextTable(new TextColumn("a")).Add("1", "2"));

    [Theory]
    [InlineData(0, "0.000000000")]
    [InlineData(1, "0.000000001")]
    [InlineData(-1, "-0.000000001")]
    [InlineData(28_500_000_001, "28.500000001")]
    [InlineData(9_007_199_254_740_993, "9007199.254740993")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    [InlineData(long.MinValue, "-9223372036.854775808")]
    public void Ton_IsShownExactly(long nano, string shown) => Ton.Show(nano).ShouldBe(shown);

    [Fact]
    public void Ton_BeyondItsRange_IsNotCutInSilence()
    {
        Ton.FromTon(9_223_372_036).ShouldBe(9_223_372_036_000_000_000);
        Should.Throw<OverflowException>(() => Ton.FromTon(9_223_372_037));
        Should.Throw<FormatException>(() => Ton.Parse("1.5"));
        Ton.Parse("-5").ShouldBe(-5);
    }
}
