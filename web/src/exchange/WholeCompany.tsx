import { useQueryClient } from '@tanstack/react-query';
import { Archive } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import type { Export } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { toast } from '@/ui/toast';
import css from './exchange.module.css';

/** 完整导出: everything the company has entered as one file, to be taken into another installation (I48). */
export function WholeCompany() {
  const [asks, setAsks] = useState(false);
  const [sending, setSending] = useState(false);
  const queries = useQueryClient();

  async function start() {
    setSending(true);
    try {
      await api.post<Export>('/exports', { body: { kind: 'company', format: 'zip' } as never });
      await queries.invalidateQueries({ queryKey: ['exports'] });
      setAsks(false);
    } catch (error) {
      toast.problem(error);
    } finally {
      setSending(false);
    }
  }

  return (
    <>
      <Button size="sm" icon={<Archive size={14} aria-hidden />} onClick={() => setAsks(true)}>
        {m.exchange_company()}
      </Button>
      {asks && (
        <Modal
          title={m.exchange_company()}
          onClose={() => setAsks(false)}
          width={520}
          footer={
            <Button variant="primary" loading={sending} onClick={() => void start()}>
              {m.exchange_start_export()}
            </Button>
          }
        >
          <div className={css.stack}>
            <p>{m.exchange_company_what()}</p>
            <p className={css.hint}>{m.exchange_company_not()}</p>
            <p className={css.hint}>{m.exchange_company_care()}</p>
          </div>
        </Modal>
      )}
    </>
  );
}
