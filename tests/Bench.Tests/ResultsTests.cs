using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Results;

namespace CocoonPool.Bench.Tests;

public class ResultsTests
{
    [Fact]
    public void With_APartialRun_ChangesItsRowsAndKeepsTheOthersWithTheirOwnRun()
    {
        var file = ResultsFile.Empty
            .With(Samples.Run("first", 1), [Samples.HotAccount("first", 50, 10), Samples.Calls("first", 1000)])
            .With(Samples.Run("second", 2), [Samples.Calls("second", 2000)]);

        file.Results.Select(result => (result.Row, result.Run, result.Figure.Median))
            .ShouldBe([("ledger-hot-account", "first", 50), ("engine-call-1", "second", 2000)]);
        file.Runs.Select(run => run.Id).ShouldBe(["first", "second"]);
    }

    [Fact]
    public void With_WhenNoRowNeedsARunAnyMore_ForgetsIt() =>
        ResultsFile.Empty.With(Samples.Run("first", 1), [Samples.Calls("first", 1)]).With(Samples.Run("second", 2), [Samples.Calls("second", 2)])
            .Runs.ShouldHaveSingleItem().Id.ShouldBe("second");

    [Fact]
    public void With_TheOtherEngine_AddsARowOfItsOwn() =>
        ResultsFile.Empty.With(Samples.Run("first", 1), [Samples.Calls("first", 1)]).With(Samples.Run("second", 2), [Samples.Calls("second", 2, "orleans")])
            .Results.Select(result => result.Engine).ShouldBe(["local", "orleans"]);

    [Fact]
    public void Json_ReadBack_IsTheSame()
    {
        var file = ResultsFile.Empty.With(Samples.Run("first", 1), [Samples.HotAccount("first", 50, 10), Samples.Calls("first", 1000)]);
        var text = file.ToJson();
        ResultsFile.Parse(text).ToJson().ShouldBe(text);
        text.ShouldContain("\"ratio\"");
    }

    [Fact]
    public void Markdown_ShowsWhatWasMeasured_AndNamesTheRestOnlyAsNotMeasured()
    {
        var text = MarkdownReport.Of(ResultsFile.Empty.With(Samples.Run("first", 1), [Samples.HotAccount("first", 50, 10), Samples.Calls("first", 1000)]));
        var rows = text.Split('\n').Where(line => line.StartsWith('|')).ToList();
        rows.ShouldContain(row => row.Contains("one hot account") && row.Contains("5×") && row.Contains("meets the must"));
        rows.ShouldNotContain(row => row.Contains(Goal.Heartbeats.What));
        text.Split('\n').ShouldContain(line => line.StartsWith("Not measured yet") && line.Contains(Goal.Heartbeats.What));
        text.ShouldContain("a small one, 2 cores");
    }
}
