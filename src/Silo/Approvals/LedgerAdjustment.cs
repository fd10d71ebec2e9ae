using System.Text.Json;
using CocoonPool.Domain.Approvals;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains;
using CocoonPool.Grains.Ledger;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Approvals;

/// <summary>A correction of the books by hand: moves an amount from one account to another.</summary>
public sealed class LedgerAdjustment(ILedgerStore ledger, PoolSettings settings) : IApprovedOperation
{
    private sealed record Payload(string Debit, string Credit, string AmountNano);

    public string Kind => "ledger_adjustment";

    public Task<string?> Problem(string payload, CancellationToken cancellationToken)
    {
        try
        {
            var (debit, credit, _) = Read(payload);
            return Task.FromResult(debit == credit ? "debit and credit are two accounts." : null);
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            return Task.FromResult<string?>("payload is {debit, credit, amount_nano}: two ledger accounts and a whole number of nanoTON above zero in a string.");
        }
    }

    public async Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken)
    {
        var (debit, credit, amount) = Read(approval.Payload);
        try
        {
            var id = $"adjustment/{approval.Id}";
            await ledger.Append(settings.Id, [new Transfer(id, debit, credit, amount, TransferKind.Adjustment, $"approval {approval.Id}", DateTimeOffset.FromUnixTimeMilliseconds(approval.ExecuteAt!.Value.ToUnixTimeMilliseconds()))], cancellationToken);
            return (true, id);
        }
        catch (LedgerRefusedException refused)
        {
            return (false, refused.Result.ToString());
        }
    }

    private static (AccountName Debit, AccountName Credit, Nanotons Amount) Read(string payload)
    {
        var read = JsonSerializer.Deserialize<Payload>(payload, ApiJson.Options) ?? throw new FormatException();
        return Nanotons.TryParse(read.AmountNano, out var amount) && amount > Nanotons.Zero
            ? (AccountName.Parse(read.Debit), AccountName.Parse(read.Credit), amount)
            : throw new FormatException();
    }
}
