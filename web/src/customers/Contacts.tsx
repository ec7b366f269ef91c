import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Contact } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Avatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { isShortened } from './CustomerFacts';
import css from './customers.module.css';

const ContactDialog = lazy(() => import('./ContactDialog'));
const DeleteContact = lazy(() => import('./DeleteContact'));

/** The customer's people; exactly one is 主联系人 (S16). */
export function Contacts({ customerId, editable }: { customerId: number; editable: boolean }) {
  const [editing, setEditing] = useState<Contact | 'new'>();
  const [deleting, setDeleting] = useState<Contact>();
  const query = useQuery({
    queryKey: ['customers', 'contacts', customerId],
    queryFn: () => api.get<Contact[]>('/customers/{id}/contacts', { path: { id: customerId } }),
  });
  if (query.isPending) return <SkeletonRows rows={2} />;
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;

  async function makePrimary(contact: Contact) {
    try {
      await api.patch('/contacts/{id}', {
        path: { id: contact.id },
        version: contact.version,
        body: { primary: true },
      });
      refreshAfter('customer');
    } catch (error) {
      toast.problem(error);
    }
  }

  return (
    <>
      {editable && (
        <div className={css.addRow}>
          <Button size="sm" icon={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
            {m.customers_contact_add()}
          </Button>
        </div>
      )}
      <ul>
        {query.data.map((contact) => (
          <li key={contact.id} className={css.item}>
            <Avatar name={contact.name} size="lg" />
            <div className={css.itemMain}>
              <div className={css.itemTitle}>
                {contact.name}
                {contact.title && <span className={css.itemMeta}>{contact.title}</span>}
                {contact.primary && <Badge tone="brand">{m.customers_contact_primary()}</Badge>}
              </div>
              <div className={css.attachments}>
                {contact.phone &&
                  (isShortened(contact.phone) ? contact.phone : <a href={`tel:${contact.phone}`}>{contact.phone}</a>)}
                {contact.email && <a href={`mailto:${contact.email}`}>{contact.email}</a>}
              </div>
            </div>
            {editable && (
              <div className={css.itemActions}>
                {!contact.primary && (
                  <Button variant="ghost" size="sm" onClick={() => void makePrimary(contact)}>
                    {m.customers_contact_make_primary()}
                  </Button>
                )}
                <IconButton
                  label={`${m.customers_contact_edit()}: ${contact.name}`}
                  size="sm"
                  onClick={() => setEditing(contact)}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                {!contact.primary && (
                  <IconButton
                    label={`${m.customers_contact_delete()}: ${contact.name}`}
                    size="sm"
                    onClick={() => setDeleting(contact)}
                  >
                    <Trash2 size={15} aria-hidden />
                  </IconButton>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      <Suspense fallback={null}>
        {editing && (
          <ContactDialog
            customerId={customerId}
            {...(editing !== 'new' && { contact: editing })}
            onClose={() => setEditing(undefined)}
          />
        )}
        {deleting && <DeleteContact contact={deleting} onClose={() => setDeleting(undefined)} />}
      </Suspense>
    </>
  );
}
