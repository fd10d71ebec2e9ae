using System.Text;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent.Receipts;
using Microsoft.Extensions.Logging.Abstractions;

namespace CocoonPool.Agent.Tests.Receipts;

public sealed class ReceiptStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_AfterACrashBetweenKeepAndAnswer_HasTheReceiptsInTheirOrder()
    {
        using (var store = Open())
        {
            store.Keep([Receipt("a"), Receipt("b")]);
            store.Keep([Receipt("c")]);
        }

        using var next = Open();

        next.Pending().Select(receipt => receipt.TaskId).ShouldBe(["a", "b", "c"]);
        next.Pending()[1].Ticket.ShouldBe("ticket b");
        next.Pending()[1].Canonical.ShouldBe(Receipt("b").Canonical);
    }

    [Fact]
    public void Open_AfterSettling_HasOnlyTheOthers()
    {
        using (var store = Open())
        {
            store.Keep([Receipt("a"), Receipt("b"), Receipt("c")]);
            store.Settle(["b", "never heard of"]);
        }

        using var next = Open();

        next.Pending().Select(receipt => receipt.TaskId).ShouldBe(["a", "c"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(60)]
    public void Open_AfterATornAppend_KeepsEverythingBeforeIt_AndCanGoOn(int missing)
    {
        using (var store = Open())
        {
            store.Keep([Receipt("a")]);
            store.Keep([Receipt("torn")]);
        }
        Shorten(missing);

        using (var store = Open())
        {
            store.Pending().Select(receipt => receipt.TaskId).ShouldBe(["a"]);
            store.Keep([Receipt("after")]);
        }

        using var next = Open();
        next.Pending().Select(receipt => receipt.TaskId).ShouldBe(["a", "after"]);
    }

    [Fact]
    public void Open_WhenABitOfTheLastRecordFlipped_DropsItAndKeepsACopy()
    {
        using (var store = Open())
        {
            store.Keep([Receipt("a")]);
            store.Keep([Receipt("flipped")]);
        }
        var path = Segments().Single();
        var bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 0x10;
        File.WriteAllBytes(path, bytes);

        using var next = Open();

        next.Pending().Select(receipt => receipt.TaskId).ShouldBe(["a"]);
        File.Exists(path + ".torn").ShouldBeTrue();
    }

    [Fact]
    public void Settle_WhenEverythingIsSettled_EmptiesTheFile()
    {
        using var store = Open(segmentBytes: 16);
        store.Keep([Receipt("a")]);

        store.Settle(["a"]);

        Segments().Sum(path => new FileInfo(path).Length).ShouldBe(0);
    }

    [Fact]
    public void Keep_BeyondTheSizeOfAFile_BeginsAnother_AndOldFilesGoOnceTheyAreSettled()
    {
        using (var store = Open(segmentBytes: 16))
        {
            store.Keep([Receipt("a")]);
            store.Keep([Receipt("b")]);
            store.Keep([Receipt("c")]);
            Segments().Length.ShouldBe(3);

            store.Settle(["b"]);
            Segments().Length.ShouldBe(3, "the oldest file still has an unsettled receipt");
            store.Settle(["a"]);
            Segments().Length.ShouldBe(1);
        }

        using var next = Open(segmentBytes: 16);
        next.Pending().Select(receipt => receipt.TaskId).ShouldBe(["c"]);
    }

    [Fact]
    public void Open_WhileAnotherAgentHasIt_IsRefused()
    {
        using var first = Open();

        Should.Throw<IOException>(() => Open().Dispose());
    }

    private static StoredReceipt Receipt(string id) => new(id, $"ticket {id}", Encoding.UTF8.GetBytes($"receipt of {id} · {new string('x', 40)}"));

    private ReceiptStore Open(long segmentBytes = 1024 * 1024) => new(_directory.Path, NullLogger<ReceiptStore>.Instance, segmentBytes);

    private string[] Segments() => Directory.GetFiles(_directory.Path, "receipts-*.log");

    private void Shorten(int bytes)
    {
        using var file = new FileStream(Segments().Single(), FileMode.Open);
        file.SetLength(file.Length - bytes);
    }
}
