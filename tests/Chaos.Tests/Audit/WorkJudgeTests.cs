using System.Text;
using CocoonPool.Chaos.Audit;
using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Pool;

namespace CocoonPool.Chaos.Tests.Audit;

/// <summary>What clients and workers were told against what is recorded.</summary>
public sealed class WorkJudgeTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 5, TimeSpan.Zero);
    private static readonly Member Alice = new("alice", "alice", 1);

    private readonly WorkFacts _sound = SoundPool.Facts().Work;
    private readonly AnswerBook _answers = new();
    private readonly ReceiptBook _receipts = new();
    private readonly HarmBook _harms = new();

    [Fact]
    public void SoundWork_HasNoObjection()
    {
        _answers.Note(new("task-1", Alice.Worker, 10, true, At));
        Acknowledge("task-1");

        Objections(_sound).ShouldBeEmpty();
    }

    [Fact]
    public void Receipt_ThatWasAcknowledgedAndIsGone_IsSeen()
    {
        Acknowledge("task-3");

        Objections(_sound).ShouldHaveSingleItem().ShouldContain("task-3 was acknowledged and is recorded 0 times");
    }

    [Fact]
    public void Task_ThatIsRecordedTwice_IsSeen() =>
        Objections(_sound with { Contributions = [.. _sound.Contributions, _sound.Contributions[0]] }).ShouldContain("work: task task-1 is recorded 2 times");

    [Fact]
    public void Answer_WithoutAContribution_IsSeen_UnlessItsAgentWasKilledThen()
    {
        _answers.Note(new("task-9", Alice.Worker, 10, true, At));

        Objections(_sound).ShouldHaveSingleItem().ShouldContain("nobody killed its agent then");

        _harms.Note(new("kill -9", Alice.Agent, At.AddSeconds(1), At.AddSeconds(1), null));
        Objections(_sound).ShouldBeEmpty();
    }

    [Fact]
    public void Contribution_ForMoreThanTheClientGot_IsSeen()
    {
        _answers.Note(new("task-1", Alice.Worker, 9, true, At));

        Objections(_sound).ShouldHaveSingleItem().ShouldContain("had 9 tokens and counts for 10");
    }

    [Fact]
    public void Tally_ThatIsNotItsSum_IsSeen() =>
        Objections(_sound with { Tallies = [_sound.Tallies[0] with { AdjustedTokens = 151 }] }).ShouldHaveSingleItem().ShouldContain("151 tokens");

    [Fact]
    public void Uptime_ThatIsCreditedTwice_IsSeen()
    {
        var last = _sound.Uptime[^1];
        var again = last with { Since = last.Since.AddSeconds(5), Until = last.Until.AddSeconds(5) };

        Objections(_sound with { Uptime = [_sound.Uptime[0], last, again], Tallies = [_sound.Tallies[0] with { GpuMilliseconds = 30_000 }] })
            .ShouldHaveSingleItem().ShouldContain("is credited again");
    }

    [Fact]
    public void Uptime_OfMoreThanTheWholeRun_IsSeen() => Objections(_sound, lasted: TimeSpan.FromSeconds(19)).ShouldHaveSingleItem().ShouldContain("is credited 00:00:20");

    private IEnumerable<string> Objections(WorkFacts facts, TimeSpan? lasted = null) =>
        WorkJudge.Judge(facts, _answers, _receipts, _harms.Done, [Alice], lasted ?? TimeSpan.FromMinutes(1), TimeSpan.Zero);

    private void Acknowledge(string task)
    {
        var text = $$"""{"type":"ack","root":"","receipts":["{{task}}"],"refused":[]}""";
        byte[] frame = [0x81, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
        _receipts.Listen().Hear([.. "HTTP/1.1 101 Switching Protocols\r\n\r\n"u8, .. frame]);
    }
}
