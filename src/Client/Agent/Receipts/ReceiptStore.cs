namespace CocoonPool.Client.Agent.Receipts;

/// <summary>
/// The receipts that the pool has not acknowledged, on disk. They are the worker's claim to its pay, so one counts as kept
/// only after the disk has it. Files are only appended to; a file is removed as a whole when all of its receipts are
/// settled, so that no record is ever rewritten. That a receipt is settled is appended without waiting for the disk: if
/// that is lost, the receipt is sent once more, and the pool knows it already.
/// </summary>
internal sealed partial class ReceiptStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (StoredReceipt Receipt, ReceiptSegment Segment)> _pending = new(StringComparer.Ordinal);
    private readonly List<ReceiptSegment> _segments = [];
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly ILogger<ReceiptStore> _logger;

    /// <param name="directory">Used by one agent only: the files are opened exclusively for writing.</param>
    /// <param name="segmentBytes">A new file is begun beyond this size.</param>
    /// <exception cref="IOException">Another agent has the directory open.</exception>
    public ReceiptStore(string directory, ILogger<ReceiptStore> logger, long segmentBytes = 4 * 1024 * 1024)
    {
        _directory = directory;
        _logger = logger;
        _segmentBytes = segmentBytes;
        Directory.CreateDirectory(directory);
        try
        {
            foreach (var number in SegmentNumbers())
                Load(new ReceiptSegment(PathOf(number), number));
            if (_segments.Count == 0)
                Begin(1);
            DropSettledSegments();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _pending.Count;
        }
    }

    /// <summary>Everything not settled, oldest first.</summary>
    public IReadOnlyList<StoredReceipt> Pending()
    {
        lock (_lock)
            return [.. _pending.Values.Select(entry => entry.Receipt)];
    }

    /// <summary>Keeps receipts; when this returns they survive a crash of the machine. One disk flush for all of them.</summary>
    public void Keep(IReadOnlyCollection<StoredReceipt> receipts)
    {
        lock (_lock)
        {
            var current = _segments[^1].Length > _segmentBytes ? Begin(_segments[^1].Number + 1) : _segments[^1];
            using var records = new MemoryStream();
            foreach (var receipt in receipts)
                ReceiptRecords.WriteKept(records, receipt);
            current.Append(records, durable: true);
            foreach (var receipt in receipts)
                Add(receipt, current);
        }
    }

    /// <summary>The pool has these, or has refused them for good. Unknown ids are ignored.</summary>
    public void Settle(IEnumerable<string> taskIds)
    {
        lock (_lock)
        {
            using var records = new MemoryStream();
            foreach (var id in taskIds)
            {
                if (!_pending.Remove(id, out var entry))
                    continue;
                entry.Segment.Unsettled--;
                ReceiptRecords.WriteSettled(records, id);
            }
            if (records.Length == 0)
                return;
            _segments[^1].Append(records, durable: false);
            DropSettledSegments();
        }
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
    }

    private void Load(ReceiptSegment segment)
    {
        _segments.Add(segment);
        var bytes = segment.ReadAll();
        var at = 0;
        while (ReceiptRecords.TryRead(bytes.AsSpan(at), out var kept, out var settled) is > 0 and var length)
        {
            if (kept is not null)
                Add(kept, segment);
            else if (_pending.Remove(settled!, out var entry))
                entry.Segment.Unsettled--;
            at += length;
        }
        if (at == bytes.Length)
            return;
        // A crash in the middle of an append leaves such an end. It was never reported as kept, so nothing is lost by cutting
        // it off; a copy stays beside it in case it was damage of another kind.
        LogTorn(segment.Path, bytes.Length - at);
        File.WriteAllBytes($"{segment.Path}.torn", bytes.AsSpan(at));
        segment.Truncate(at);
    }

    private void Add(StoredReceipt receipt, ReceiptSegment segment)
    {
        if (_pending.TryAdd(receipt.TaskId, (receipt, segment)))
            segment.Unsettled++;
    }

    /// <summary>Only from the oldest on: an older file's receipts may be settled by records in a newer one.</summary>
    private void DropSettledSegments()
    {
        while (_segments.Count > 1 && _segments[0].Unsettled == 0)
        {
            _segments[0].Delete();
            _segments.RemoveAt(0);
        }
        if (_segments.Count == 1 && _pending.Count == 0 && _segments[0].Length > _segmentBytes / 16)
            _segments[0].Truncate(0);
    }

    private ReceiptSegment Begin(int number)
    {
        var segment = new ReceiptSegment(PathOf(number), number);
        _segments.Add(segment);
        return segment;
    }

    private string PathOf(int number) => Path.Combine(_directory, $"receipts-{number:D8}.log");

    private IEnumerable<int> SegmentNumbers() => Directory
        .EnumerateFiles(_directory, "receipts-*.log")
        .Select(path => int.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan("receipts-".Length), out var number) ? number : 0)
        .Where(number => number > 0)
        .Order();
}
