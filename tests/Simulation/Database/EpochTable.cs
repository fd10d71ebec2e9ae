using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Epochs;

namespace CocoonPool.PoolSimulation.Database;

/// <summary>The calendar: epochs by number without gaps, and how long new ones last.</summary>
public sealed class EpochTable
{
    private readonly List<EpochDescription> _rows = [];

    public TimeSpan Duration { get; set; }

    /// <summary>Ascending; the epoch with number n is at n − 1.</summary>
    public IReadOnlyList<EpochDescription> Rows => _rows;

    public EpochDescription? Find(EpochNumber number) => number.Value >= 1 && number.Value <= _rows.Count ? _rows[number.Value - 1] : null;

    public void Put(EpochDescription row)
    {
        if (row.Number.Value == _rows.Count + 1)
            _rows.Add(row);
        else
            _rows[row.Number.Value - 1] = row;
    }

    public void Open(EpochNumber number, DateTimeOffset start, DateTimeOffset end) =>
        Put(new(number, EpochState.Open, start, end, Nanotons.Zero, Nanotons.Zero, Nanotons.Zero, null, null, 0));

    public void OpenUntil(DateTimeOffset moment)
    {
        while (_rows.Count > 0 && moment >= _rows[^1].End)
            Open(_rows[^1].Number.Next, _rows[^1].End, _rows[^1].End + Duration);
    }

    /// <summary>The open epochs, ascending, up to the one that holds the moment.</summary>
    public IReadOnlyList<OpenEpoch> Reaching(DateTimeOffset moment)
    {
        OpenUntil(moment);
        return [.. _rows.Where(e => e.Phase == EpochState.Open).Select(e => new OpenEpoch(e.Number, e.Start, e.End))];
    }

    /// <summary>The open epoch that money of this moment belongs to: the one that holds it, else the oldest open one.</summary>
    public EpochNumber OfPayment(DateTimeOffset at)
    {
        OpenUntil(at);
        return (_rows.Find(e => e.Phase == EpochState.Open && e.Start <= at && at < e.End) ?? _rows.First(e => e.Phase == EpochState.Open)).Number;
    }
}
