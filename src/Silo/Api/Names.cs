using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Api;

/// <summary>Reads the names in paths and bodies, with an answer in words when they are wrong.</summary>
public static class Names
{
    public static TonAddress Address(string? text, PoolSettings settings) =>
        TonAddress.TryParse(text, settings.Network, out var address, out var problem) ? address : throw ApiException.Invalid(problem);

    public static WorkerId Worker(string? text) =>
        WorkerId.TryParse(text, out var id) ? id : throw ApiException.Invalid("A worker id has 3 to 64 of a-z, 0-9, '.', '_' and '-', and starts with a letter or digit.");

    public static Nanotons Amount(string? text, string field) =>
        Nanotons.TryParse(text, out var amount) && amount.IsPositive ? amount : throw ApiException.Invalid($"{field} is a whole number of nanoTON above zero, in a string.");

    public static EpochNumber Epoch(int number) => number > 0 ? new(number) : throw ApiException.Invalid("Epochs are numbered from 1.");
}
