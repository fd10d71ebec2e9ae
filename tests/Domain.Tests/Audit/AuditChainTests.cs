using System.Security.Cryptography;
using System.Text;
using CocoonPool.Domain.Audit;

namespace CocoonPool.Domain.Tests.Audit;

public class AuditChainTests
{
    private static readonly AuditEntry Entry = new(
        Samples.Monday, "alice", "operator", "POST /api/v1/pool/pause", "pool", "10.0.0.1", Success: true, "r-1", Before: null, After: "{\"state\":\"paused\"}");

    public static TheoryData<AuditEntry> OneMemberChanged =>
    [
        Entry with { At = Entry.At.AddMilliseconds(1) }, Entry with { Actor = "bob" }, Entry with { Role = "viewer" }, Entry with { Action = "x" }, Entry with { Object = "x" },
        Entry with { Source = "10.0.0.2" }, Entry with { Success = false }, Entry with { RequestId = "r-2" }, Entry with { Before = "{}" }, Entry with { After = null },
    ];

    [Fact]
    public void Hash_IsThatOfTheDocumentedText()
    {
        var line = """
            {"action":"POST /api/v1/pool/pause","actor":"alice","after":"{\"state\":\"paused\"}","at_unix_ms":"1767571200000","before":null,"object":"pool","request_id":"r-1","role":"operator","sequence":"1","source":"10.0.0.1","success":true}
            """;
        AuditChain.Next(AuditChain.Genesis, 1, Entry).ShouldBe(SHA256.HashData([.. new byte[32], .. Encoding.UTF8.GetBytes(line)]));
    }

    [Theory]
    [MemberData(nameof(OneMemberChanged))]
    public void Line_WhoseMemberWasChanged_IsFound(AuditEntry changed)
    {
        var lines = Chain(Entry, Entry, Entry);
        lines[1] = lines[1] with { Entry = changed };
        Check(lines).ShouldBe("Line 2 was changed after it was written.");
    }

    [Fact]
    public void Chain_AsWritten_IsRight_AndMovesTheHeadOn()
    {
        var lines = Chain(Entry, Entry with { Actor = "bob" }, Entry);
        var (sequence, head) = (0L, AuditChain.Genesis);
        AuditChain.Check(lines[..2], ref sequence, ref head).ShouldBeNull();
        (sequence, Convert.ToHexString(head)).ShouldBe((2, Convert.ToHexString(lines[1].Hash)));
        AuditChain.Check(lines[2..], ref sequence, ref head).ShouldBeNull("a second page goes on from the first");
        sequence.ShouldBe(3);
    }

    [Fact]
    public void Line_ThatIsMissing_OrWasPutIn_IsFound()
    {
        var lines = Chain(Entry, Entry, Entry);
        Check([lines[0], lines[2]]).ShouldBe("After line 1 comes line 3: lines in between are missing.");
        Check([lines[0], lines[0]]).ShouldBe("After line 1 comes line 1: lines in between are missing.");
        var foreign = new ChainedAuditEntry(2, Entry, new byte[32], AuditChain.Next(new byte[32], 2, Entry));
        Check([lines[0], foreign]).ShouldBe("Line 2 does not build on line 1.");
    }

    private static string? Check(IEnumerable<ChainedAuditEntry> lines)
    {
        var (sequence, head) = (0L, AuditChain.Genesis);
        return AuditChain.Check(lines, ref sequence, ref head);
    }

    private static ChainedAuditEntry[] Chain(params AuditEntry[] entries)
    {
        var head = AuditChain.Genesis;
        return [.. entries.Select((entry, place) =>
        {
            var line = new ChainedAuditEntry(place + 1, entry, head, AuditChain.Next(head, place + 1, entry));
            head = line.Hash;
            return line;
        })];
    }
}
