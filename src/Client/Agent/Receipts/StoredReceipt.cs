namespace CocoonPool.Client.Agent.Receipts;

/// <summary>A receipt as it is kept and sent: its canonical bytes, and the ticket that proves the assignment.</summary>
internal sealed record StoredReceipt(string TaskId, string Ticket, byte[] Canonical);
