using System.Net.WebSockets;
using CocoonPool.Silo.Live;
using CocoonPool.TestKit;

namespace CocoonPool.Security.Tests.Live;

public sealed class ListenerTests
{
    [Fact]
    public async Task ListenerThatTakesNothing_IsGivenUpAfterTenSeconds()
    {
        var time = new ManualTimeProvider();
        using var socket = WebSocket.CreateFromStream(new FullPipe(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        using var listener = new Listener(socket, time);

        var first = listener.Send(new { type = "frame" }, TestContext.Current.CancellationToken);
        var second = listener.Send(new { type = "frame" }, TestContext.Current.CancellationToken);
        first.IsCompleted.ShouldBeFalse();
        time.Advance(Listener.SendPatience);

        await Should.ThrowAsync<OperationCanceledException>(first);
        (await Record.ExceptionAsync(() => second)).ShouldNotBeNull("who waited behind it finds the socket gone");
    }

    [Fact]
    public void Seats_AreGivenBack()
    {
        var seats = new ListenerSeats();
        var taken = Enumerable.Range(0, 100).Select(_ => seats.Take("192.0.2.1")).ToList();
        Should.Throw<Exception>(() => seats.Take("192.0.2.1")).Message.ShouldContain("Too many listeners");
        seats.Take("192.0.2.2").Dispose();

        taken[0].Dispose();
        taken[0].Dispose();

        seats.Taken.ShouldBe(99);
        seats.Take("192.0.2.1").Dispose();
    }

    /// <summary>A connection whose other end has stopped reading: nothing that is written gets through.</summary>
    private sealed class FullPipe : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await Task.Delay(Timeout.Infinite, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
