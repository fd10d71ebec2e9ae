using System.Text;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Tests.Contributions;

public class ReceiptTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_767_614_400_123);

    private static readonly Receipt Good = new(
        new TaskId("task-1"), new WorkerId("gpu-1"), Samples.Address(255), "Qwen/Qwen3-32B", new TokenCounts(100, 40, 50, 20),
        464, 1500, 200, TaskOutcome.Success, Start, Start.AddMilliseconds(1500));

    private static readonly string GoodJson =
        """{"adjusted_tokens":"464","cached_tokens":"40","completion_tokens":"50","ended_unix_ms":"1767614401623","format":"cocoon-pool-receipt/1","latency_ms":"1500","model":"Qwen/Qwen3-32B","outcome":"success","participant":"0:00000000000000000000000000000000000000000000000000000000000000ff","prompt_tokens":"100","reasoning_tokens":"20","started_unix_ms":"1767614400123","task":"task-1","time_to_first_token_ms":"200","worker":"gpu-1"}""";

    public static TheoryData<string, Receipt> OneFaultEach => new()
    {
        { "receipt_task_invalid", Good with { TaskId = new("with space") } },
        { "receipt_task_invalid", Good with { TaskId = default } },
        { "receipt_worker_invalid", Good with { Worker = new("-x-") } },
        { "receipt_model_invalid", Good with { Model = "" } },
        { "receipt_model_invalid", Good with { Model = new string('m', 201) } },
        { "receipt_model_invalid", Good with { Model = "a\nb" } },
        { "receipt_model_invalid", Good with { Model = "\ud800" } },
        { "receipt_tokens_invalid", Good with { Tokens = new(1, 2, 0, 0) } },
        { "receipt_tokens_invalid", Good with { Tokens = new(1_000_000_001, 0, 0, 0) } },
        { "receipt_adjusted_tokens_invalid", Good with { AdjustedTokens = -1 } },
        { "receipt_adjusted_tokens_invalid", Good with { AdjustedTokens = 1_000_000_000_000_001 } },
        { "receipt_latency_invalid", Good with { LatencyMs = -1 } },
        { "receipt_latency_invalid", Good with { LatencyMs = long.MaxValue } },
        { "receipt_time_to_first_token_invalid", Good with { TimeToFirstTokenMs = 1501 } },
        { "receipt_time_to_first_token_invalid", Good with { TimeToFirstTokenMs = -1 } },
        { "receipt_outcome_invalid", Good with { Outcome = (TaskOutcome)9 } },
        { "receipt_times_invalid", Good with { EndedAt = Start.AddMilliseconds(-1) } },
        { "receipt_times_invalid", Good with { StartedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(-1) } },
    };

    /// <summary>Other bytes that mean the same, or nearly: exactly one form is accepted.</summary>
    public static TheoryData<string, string> OtherForms => new()
    {
        { "receipt_not_canonical", GoodJson.Replace(",\"model\"", ", \"model\"") },
        { "receipt_not_canonical", GoodJson + "\n" },
        { "receipt_not_canonical", GoodJson.Replace("\"464\"", "\"0464\"") },
        { "receipt_not_canonical", GoodJson.Replace("Qwen/", "Qwen\\/") },
        { "receipt_not_canonical", GoodJson.Replace("gpu-1", "gpu\\u002d1") },
        { "receipt_not_canonical", GoodJson.Replace("00ff", "00FF") },
        { "receipt_not_canonical", GoodJson.Replace("{", "{\"a\":\"1\",") },
        { "receipt_not_canonical", """{"cached_tokens":"40",""" + GoodJson[1..].Replace("\"cached_tokens\":\"40\",", "") },
        { "receipt_malformed", GoodJson.Replace("\"464\"", "464") },
        { "receipt_malformed", GoodJson.Replace("\"worker\"", "\"workers\"") },
        { "receipt_malformed", GoodJson.Replace("}", ",\"worker\":\"gpu-1\"}") },
        { "receipt_malformed", GoodJson[..^1] },
        { "receipt_malformed", GoodJson.Replace("464", "99999999999999999999") },
        { "receipt_malformed", GoodJson.Replace("1767614400123", "-1") },
        { "receipt_malformed", GoodJson.Replace("1767614400123", "999999999999999999") },
        { "receipt_malformed", GoodJson.Replace("Qwen/", "\\ud800") },
        { "receipt_malformed", GoodJson.Replace("0:00", "5:00") },
        { "receipt_malformed", "[]" },
        { "receipt_malformed", "" },
        { "receipt_format_unknown", GoodJson.Replace("receipt/1", "receipt/2") },
        { "receipt_outcome_invalid", GoodJson.Replace("\"success\"", "\"great\"") },
        { "receipt_too_long", GoodJson.Replace("Qwen", new string('q', 5000)) },
    };

    [Fact]
    public void CanonicalBytes_AreTheDocumentedForm() => Encoding.UTF8.GetString(Good.CanonicalBytes()).ShouldBe(GoodJson);

    [Theory]
    [InlineData(TaskOutcome.Success)]
    [InlineData(TaskOutcome.WorkerFault)]
    [InlineData(TaskOutcome.ClientAborted)]
    [InlineData(TaskOutcome.ClientError)]
    [InlineData(TaskOutcome.BackPressure)]
    public void Receipt_ReadBackFromItsBytes_IsTheSame(TaskOutcome outcome)
    {
        var receipt = Good with { Outcome = outcome, Model = "模型 \"é\\\" 🦋".Replace("🦋", "") };
        Receipt.TryParse(receipt.CanonicalBytes(), out var read, out var problem).ShouldBeTrue(problem);
        read.ShouldBe(receipt);
    }

    [Fact]
    public void Times_AreCutToWholeMilliseconds()
    {
        var precise = Good with { StartedAt = Start.AddTicks(9999), EndedAt = Good.EndedAt.AddTicks(1) };
        precise.CanonicalBytes().ShouldBe(Good.CanonicalBytes());
    }

    [Fact]
    public void Times_InAnotherZone_GiveTheSameBytes() =>
        (Good with { StartedAt = Start.ToOffset(TimeSpan.FromHours(3)) }).CanonicalBytes().ShouldBe(Good.CanonicalBytes());

    [Theory]
    [MemberData(nameof(OneFaultEach))]
    public void Receipt_WithOneFault_IsRefusedByItsName(string expected, Receipt receipt) => receipt.Refusal().ShouldBe(expected);

    [Fact]
    public void Receipt_WithoutAFault_IsNotRefused() => Good.Refusal().ShouldBeNull();

    [Theory]
    [MemberData(nameof(OtherForms))]
    public void Bytes_InAnyOtherForm_AreRefusedByName(string expected, string json)
    {
        Receipt.TryParse(Encoding.UTF8.GetBytes(json), out var read, out var problem).ShouldBeFalse();
        read.ShouldBeNull();
        problem.ShouldBe(expected);
    }

    [Fact]
    public void Bytes_WithAnyOneByteChanged_NeverThrowAndNeverReadAsTheSameReceipt()
    {
        var bytes = Good.CanonicalBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var value in (byte[])[0, (byte)'"', (byte)'1', (byte)'}', 0xff, (byte)(bytes[i] ^ 1)])
            {
                if (value == bytes[i])
                    continue;
                var changed = (byte[])bytes.Clone();
                changed[i] = value;
                if (Receipt.TryParse(changed, out var read, out _))
                    read.ShouldNotBe(Good);
            }
        }
    }
}
