using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;

namespace CocoonPool.PoolSimulation.Database;

/// <summary>The running tallies of participants in epochs.</summary>
public sealed class TallyTable
{
    private readonly SortedDictionary<(int Epoch, TonAddress Participant), TallyIncrement> _rows = [];

    public IReadOnlyDictionary<(int Epoch, TonAddress Participant), TallyIncrement> Rows => _rows;

    public void Add(int epoch, TonAddress participant, TallyIncrement increment) =>
        _rows[(epoch, participant)] = _rows.GetValueOrDefault((epoch, participant)) + increment;
}
