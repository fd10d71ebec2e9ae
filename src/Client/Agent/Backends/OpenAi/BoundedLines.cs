namespace CocoonPool.Client.Agent.Backends.OpenAi;

/// <summary>
/// A stream that gives up when a line is longer than allowed. The framework's reader of server-sent events collects a line
/// until its end, so that a broken back end could fill the memory with a line that never ends.
/// </summary>
internal sealed class BoundedLines(Stream inner, int longestLine) : Stream
{
    private int _length;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">A line is too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Measure(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Measure(ReadOnlySpan<byte> bytes)
    {
        var last = bytes.LastIndexOf((byte)'\n');
        var first = bytes.IndexOf((byte)'\n');
        if (_length + (first < 0 ? bytes.Length : first) > longestLine || bytes.Length - last - 1 > longestLine)
            throw new InvalidDataException($"A line of the stream is longer than {longestLine} bytes.");
        _length = last < 0 ? _length + bytes.Length : bytes.Length - last - 1;
    }
}
