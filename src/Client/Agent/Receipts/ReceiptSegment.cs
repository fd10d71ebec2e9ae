namespace CocoonPool.Client.Agent.Receipts;

/// <summary>One append-only file of the receipt store, and how many receipts in it still wait for the pool.</summary>
internal sealed class ReceiptSegment : IDisposable
{
    private readonly FileStream _file;

    public ReceiptSegment(string path, int number)
    {
        Number = number;
        // Not shared: two agents that append to one file would cut off each other's records.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path, options);
    }

    public int Number { get; }

    public string Path => _file.Name;

    public long Length => _file.Length;

    public int Unsettled { get; set; }

    public byte[] ReadAll()
    {
        var bytes = new byte[_file.Length];
        _file.Position = 0;
        _file.ReadExactly(bytes);
        return bytes;
    }

    /// <param name="durable">Wait until the bytes are on the disk.</param>
    public void Append(MemoryStream records, bool durable)
    {
        _file.Position = _file.Length;
        records.WriteTo(_file);
        if (durable)
            _file.Flush(flushToDisk: true);
    }

    public void Truncate(long length)
    {
        _file.SetLength(length);
        _file.Flush(flushToDisk: true);
    }

    public void Delete()
    {
        _file.Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();
}
